#include "store/database.h"

#include <sqlite3.h>

#include <filesystem>

#include "base/error.h"

namespace retort {
namespace {

void CreateFolderOf(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    Fail(ErrorCode::kUnavailable, "cannot make the folder {} for the run store: {}",
         folder.string(), error.message());
}

}  // namespace

Database::Database(const std::string& path, double busy_seconds) : path_(path) {
  CreateFolderOf(path);
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
    const std::string reason = handle_ == nullptr ? "out of memory" : sqlite3_errmsg(handle_);
    sqlite3_close(handle_);
    Fail(ErrorCode::kUnavailable, "cannot open the run store {}: {}", path, reason);
  }
  sqlite3_busy_timeout(handle_, static_cast<int>(busy_seconds * 1000));
}

Database::~Database() { sqlite3_close(handle_); }

void Database::Throw(const char* doing) const {
  const char* reason = sqlite3_errmsg(handle_);
  switch (sqlite3_errcode(handle_)) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      Fail(ErrorCode::kCorrupt,
           "{} is no run store, or a damaged one ({}); it was left as it is: move it away, or name "
           "another file",
           path_, reason);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      Fail(ErrorCode::kUnavailable,
           "cannot {} the run store {}: another process has been holding it; try again", doing,
           path_);
    case SQLITE_FULL:
      Fail(ErrorCode::kResourceExhausted, "cannot {} the run store {}: the disk is full", doing,
           path_);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_PERM:
      Fail(ErrorCode::kUnavailable, "cannot {} the run store {}: {}; name a writable file", doing,
           path_, reason);
    default:
      Fail(ErrorCode::kInternal, "cannot {} the run store {}: {}", doing, path_, reason);
  }
}

void Database::Execute(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) Throw("change");
}

int64_t Database::QueryInt(const std::string& sql) {
  Statement query(*this, sql);
  return query.Step() ? query.Int(0) : 0;
}

std::string Database::QueryText(const std::string& sql) {
  Statement query(*this, sql);
  return query.Step() ? query.Text(0) : "";
}

int64_t Database::LastRowId() const { return sqlite3_last_insert_rowid(handle_); }

int64_t Database::Changes() const { return sqlite3_changes64(handle_); }

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()), &statement,
                         nullptr) != SQLITE_OK)
    database.Throw("read");
  statement_.reset(statement);
}

bool Statement::Step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE)
    database_.Throw(sqlite3_stmt_readonly(statement_.get()) != 0 ? "read" : "write to");
  return false;
}

// Its result repeats the error of the last step, which was thrown already.
void Statement::Reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

void Statement::BindOne(int index, int64_t value) {
  RETORT_CHECK(sqlite3_bind_int64(statement_.get(), index, value) == SQLITE_OK);
}

void Statement::BindOne(int index, double value) {
  RETORT_CHECK(sqlite3_bind_double(statement_.get(), index, value) == SQLITE_OK);
}

void Statement::BindOne(int index, std::string_view value) {
  // An empty view may have no pointer, which SQLite would take for NULL.
  const char* data = value.empty() ? "" : value.data();
  if (sqlite3_bind_text64(statement_.get(), index, data, value.size(), SQLITE_TRANSIENT,
                          SQLITE_UTF8) != SQLITE_OK)
    database_.Throw("write to");
}

void Statement::BindOne(int index, std::nullopt_t) {
  RETORT_CHECK(sqlite3_bind_null(statement_.get(), index) == SQLITE_OK);
}

int64_t Statement::Int(int column) const { return sqlite3_column_int64(statement_.get(), column); }

double Statement::Real(int column) const { return sqlite3_column_double(statement_.get(), column); }

std::string Statement::Text(int column) const {
  const unsigned char* text = sqlite3_column_text(statement_.get(), column);
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column));
  return text == nullptr ? "" : std::string(reinterpret_cast<const char*>(text), size);
}

bool Statement::IsNull(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::optional<int64_t> Statement::MaybeInt(int column) const {
  return IsNull(column) ? std::nullopt : std::optional(Int(column));
}

std::optional<double> Statement::MaybeReal(int column) const {
  return IsNull(column) ? std::nullopt : std::optional(Real(column));
}

std::optional<std::string> Statement::MaybeText(int column) const {
  return IsNull(column) ? std::nullopt : std::optional(Text(column));
}

Transaction::Transaction(Database& database) : database_(database) {
  database.Execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  // Nothing can be done where even this fails; the next process rolls back.
  if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::Commit() {
  database_.Execute("COMMIT");
  open_ = false;
}

}  // namespace retort
