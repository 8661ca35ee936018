// Follows one JSON object byte by byte: tells where it ends as its last byte comes, and that a text
// is none as soon as that can be seen.
//
//   JsonObjectScanner scanner;
//   scanner.Push('{');       // Result::kMore
//   scanner.Push('}');       // Result::kDone
//   scanner.members();       // of the object itself: where keys and values stand
//
// What it lets through may still be no JSON (an escape that there is not, the number 1.2.3, a key
// that comes twice): ReadJson (base/strict_json.h) has the last word. Takes constant time a byte,
// and memory for the depth and for the object's own members. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

// What may stand between the parts of a JSON text.
inline constexpr std::string_view kJsonBlank = " \t\n\r";

class JsonObjectScanner {
 public:
  enum class Result : uint8_t { kMore, kDone, kBad };

  // Offsets from the opening brace; ends are one past the last byte, 0 for what has not come yet.
  // Strings have their quotes.
  struct Member {
    size_t key_begin = 0, key_end = 0;
    size_t value_begin = 0, value_end = 0;
  };

  // The next byte. After kDone or kBad, every byte is bad.
  Result Push(char byte);
  const std::vector<Member>& members() const { return members_; }

 private:
  enum class Place : uint8_t {
    kStart,
    kFirstKey,  // or the end of the object
    kKey,
    kColon,
    kFirstItem,  // or the end of the array
    kValue,
    kString,
    kWord,  // a number, true, false or null
    kBehindValue,
    kOver
  };

  Result InString(char byte, size_t at);
  Result Structure(char byte, size_t at);
  Result BeginKey(char byte, size_t at);
  Result BeginValue(char byte, size_t at);
  Result Open(char byte);
  Result Close(char byte, size_t at);
  bool WordGoesOn(char byte);
  void EndValue(size_t end);
  Result Bad();

  Place place_ = Place::kStart;
  size_t size_ = 0;
  std::string open_;  // the braces and brackets that are
  std::vector<Member> members_;
  std::string_view letters_;  // still to come of true, false or null
  bool in_key_ = false, in_number_ = false, escaped_ = false;
};

}  // namespace retort
