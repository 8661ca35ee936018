// The tables of the run store and how they came about: numbered migrations, each applied once.
//
//   Database database("runs.db");
//   OpenSchema(database);          // creates, or brings to the present version, or refuses
//
// PRAGMA user_version says how many migrations a file has seen, PRAGMA application_id that it is
// ours. docs/runs.md describes the tables. A migration that was released is never changed: what
// comes later is a further one. Errors: kCorrupt for a file that is no run store, kUnsupported for
// one that a newer Retort wrote; both leave it as it is. As database.h otherwise.
#pragma once

#include <span>

#include "store/database.h"

namespace retort {

// The SQL that leads from version i to version i + 1.
std::span<const char* const> Migrations();

void OpenSchema(Database& database);
// Only up to a version, as an older Retort would have left the file.
void OpenSchema(Database& database, std::span<const char* const> migrations);

}  // namespace retort
