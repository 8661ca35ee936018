// --config FILE: a command's flags from a file of lines such as `port = 8080` or `strict = true`.
//
//   AddConfigFlag(*command);   // before all other options
//
// What the command line says as well is the command line's. A line that is no flag of the command
// is refused with its name, as is a file that cannot be read: CLI::ParseError, as for wrong flags.
#pragma once

namespace CLI {
class App;
}

namespace retort {

void AddConfigFlag(CLI::App& command);

}  // namespace retort
