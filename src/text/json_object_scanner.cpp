#include "text/json_object_scanner.h"

#include "base/strict_json.h"

namespace retort {
namespace {

using Result = JsonObjectScanner::Result;

constexpr std::string_view kNumberBegins = "-0123456789";
constexpr std::string_view kNumberGoesOn = "0123456789.eE+-";
constexpr std::string_view kLiterals[] = {"true", "false", "null"};

bool Has(std::string_view bytes, char byte) { return bytes.find(byte) != std::string_view::npos; }

}  // namespace

Result JsonObjectScanner::Push(char byte) {
  const size_t at = size_++;
  if (place_ == Place::kString) return InString(byte, at);
  if (place_ == Place::kWord) {
    if (WordGoesOn(byte)) return Result::kMore;
    if (!letters_.empty()) return Bad();
    EndValue(at);
  }
  if (Has(kJsonBlank, byte) && place_ != Place::kStart && place_ != Place::kOver)
    return Result::kMore;
  return Structure(byte, at);
}

Result JsonObjectScanner::InString(char byte, size_t at) {
  if (static_cast<unsigned char>(byte) < 0x20) return Bad();
  if (escaped_) {
    escaped_ = false;
  } else if (byte == '\\') {
    escaped_ = true;
  } else if (byte == '"') {
    if (!in_key_) {
      EndValue(at + 1);
    } else {
      if (open_.size() == 1) members_.back().key_end = at + 1;
      place_ = Place::kColon;
    }
  }
  return Result::kMore;
}

Result JsonObjectScanner::Structure(char byte, size_t at) {
  switch (place_) {
    case Place::kStart:
      return byte == '{' ? Open(byte) : Bad();
    case Place::kFirstKey:
      return byte == '}' ? Close(byte, at) : BeginKey(byte, at);
    case Place::kKey:
      return BeginKey(byte, at);
    case Place::kColon:
      if (byte != ':') return Bad();
      place_ = Place::kValue;
      return Result::kMore;
    case Place::kFirstItem:
      return byte == ']' ? Close(byte, at) : BeginValue(byte, at);
    case Place::kValue:
      return BeginValue(byte, at);
    case Place::kBehindValue:
      if (byte != ',') return Close(byte, at);
      place_ = open_.back() == '{' ? Place::kKey : Place::kValue;
      return Result::kMore;
    case Place::kString:
    case Place::kWord:
    case Place::kOver:
      break;
  }
  return Bad();
}

Result JsonObjectScanner::BeginKey(char byte, size_t at) {
  if (byte != '"') return Bad();
  if (open_.size() == 1) members_.push_back({.key_begin = at});
  in_key_ = true;
  place_ = Place::kString;
  return Result::kMore;
}

Result JsonObjectScanner::BeginValue(char byte, size_t at) {
  if (open_.size() == 1) members_.back().value_begin = at;
  if (byte == '{' || byte == '[') return Open(byte);
  if (byte == '"') {
    in_key_ = false;
    place_ = Place::kString;
    return Result::kMore;
  }
  place_ = Place::kWord;
  letters_ = {};
  in_number_ = Has(kNumberBegins, byte);
  if (in_number_) return Result::kMore;
  for (const std::string_view literal : kLiterals) {
    if (literal.front() != byte) continue;
    letters_ = literal.substr(1);
    return Result::kMore;
  }
  return Bad();
}

bool JsonObjectScanner::WordGoesOn(char byte) {
  if (in_number_) return Has(kNumberGoesOn, byte);
  if (letters_.empty() || letters_.front() != byte) return false;
  letters_.remove_prefix(1);
  return true;
}

void JsonObjectScanner::EndValue(size_t end) {
  if (open_.size() == 1) members_.back().value_end = end;
  place_ = Place::kBehindValue;
}

Result JsonObjectScanner::Open(char byte) {
  if (open_.size() == kMaxJsonDepth) return Bad();
  open_ += byte;
  place_ = byte == '{' ? Place::kFirstKey : Place::kFirstItem;
  return Result::kMore;
}

Result JsonObjectScanner::Close(char byte, size_t at) {
  if (byte != (open_.back() == '{' ? '}' : ']')) return Bad();
  open_.pop_back();
  if (!open_.empty()) {
    EndValue(at + 1);
    return Result::kMore;
  }
  place_ = Place::kOver;
  return Result::kDone;
}

Result JsonObjectScanner::Bad() {
  place_ = Place::kOver;
  return Result::kBad;
}

}  // namespace retort
