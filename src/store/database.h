// SQLite with errors as exceptions and everything released by its owner.
//
//   Database database("runs.db");
//   Transaction transaction(database);
//   Statement insert(database, "INSERT INTO pairs VALUES (?, ?)");
//   insert.Run(1, "one");
//   insert.Run(2, std::nullopt);
//   transaction.Commit();                                    // without it: rolled back
//   Statement query(database, "SELECT b FROM pairs WHERE a > ?");
//   for (query.Bind(0); query.Step();) Use(query.Text(0));
//
// Errors name the file: kCorrupt (not a database, or damaged), kUnavailable (cannot be opened,
// written or had in time), kResourceExhausted (disk full), kInternal (SQL that is wrong).
// Database and its statements belong to one thread at a time; processes may share the file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace retort {

class Database {
 public:
  // Opened, or created with the folders above it. Waits up to `busy_seconds` where another process
  // holds what is asked for.
  explicit Database(const std::string& path, double busy_seconds = 10);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Any number of statements without parameters or results.
  void Execute(const std::string& sql);
  // The first column of the first row.
  int64_t QueryInt(const std::string& sql);
  std::string QueryText(const std::string& sql);
  int64_t LastRowId() const;
  int64_t Changes() const;  // rows that the last statement touched

  const std::string& path() const { return path_; }
  sqlite3* handle() const { return handle_; }
  [[noreturn]] void Throw(const char* doing) const;

 private:
  std::string path_;
  sqlite3* handle_ = nullptr;
};

class Statement {
 public:
  Statement(Database& database, std::string_view sql);

  // All parameters, in order; what was bound before is forgotten.
  template <typename... Values>
  Statement& Bind(const Values&... values) {
    Reset();
    int index = 0;
    (BindOne(++index, values), ...);
    return *this;
  }
  // To the next row; false when there is none.
  bool Step();
  template <typename... Values>
  void Run(const Values&... values) {
    Bind(values...);
    while (Step()) {
    }
    Reset();
  }

  // Columns of the row, from 0.
  int64_t Int(int column) const;
  double Real(int column) const;
  std::string Text(int column) const;
  bool IsNull(int column) const;
  std::optional<int64_t> MaybeInt(int column) const;
  std::optional<double> MaybeReal(int column) const;
  std::optional<std::string> MaybeText(int column) const;

 private:
  void Reset();
  void BindOne(int index, int64_t value);
  void BindOne(int index, int value) { BindOne(index, int64_t{value}); }
  void BindOne(int index, size_t value) { BindOne(index, static_cast<int64_t>(value)); }
  void BindOne(int index, double value);
  void BindOne(int index, std::string_view value);
  void BindOne(int index, const std::string& value) { BindOne(index, std::string_view(value)); }
  void BindOne(int index, const char* value) { BindOne(index, std::string_view(value)); }
  void BindOne(int index, std::nullopt_t);
  template <typename T>
  void BindOne(int index, const std::optional<T>& value) {
    if (value) return BindOne(index, *value);
    BindOne(index, std::nullopt);
  }

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// A write transaction from the start (BEGIN IMMEDIATE): two writers wait for each other instead of
// failing half way.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void Commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace retort
