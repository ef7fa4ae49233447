// What must never be seen, and where the harness looks for it after every test:
// arguments of processes, what they wrote to standard error, answers that are
// errors, logs, and the files of the nodes.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/e2e/process.h"

namespace focal::e2e {

struct Needle {
  std::string name;   // what a failure shows; the bytes are not printed
  std::string bytes;
};

// Words of the example records that identify what they are about: subjects, narratives,
// serials, references, reasons.
const std::vector<Needle>& record_words();
// Every secret of a keystore: as it is, in hexadecimal and in base64.
std::vector<Needle> keystore_secrets(const std::filesystem::path& file,
                                     const std::string& passphrase);
// Names of those found in the text.
std::vector<std::string> found_in(std::string_view text, const std::vector<Needle>& needles);
// "FILE: NAME" for every find in a regular file of the folder.
std::vector<std::string> found_in_folder(const std::filesystem::path& folder,
                                         const std::vector<Needle>& needles);

// What the processes of the test under way showed to others.
struct Shown {
  std::vector<std::string> arguments;  // of focal, as given
  std::vector<std::string> processes;  // /proc/PID/cmdline and environ of focald and focal-gate
  std::vector<std::string> errors;     // error output, and standard output of what failed
};
Shown& shown();
void note_run(const Launch& launch, const Ran& ran);

}  // namespace focal::e2e
