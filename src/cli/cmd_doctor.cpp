// retort doctor [MODEL...]: what is or would be wrong, and the smallest change that mends it.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/thread_pool.h"
#include "cli/commands.h"
#include "cli/doctor_text.h"
#include "cli/hub_settings.h"
#include "cli/store_flags.h"
#include "cli/terminal.h"
#include "doctor/alternatives.h"
#include "doctor/cache_check.h"
#include "doctor/cpu_check.h"
#include "doctor/model_check.h"
#include "doctor/port_check.h"
#include "hub/model_place.h"
#include "ops/cpu/cpu_backend.h"
#include "runtime/generation.h"

namespace retort {
namespace {

using doctor::Finding;
using doctor::Findings;
using doctor::Severity;

constexpr const char* kDoctorExamples =
    "Examples:\n"
    "  retort doctor                                 this machine, the cache, the server's port\n"
    "  retort doctor r1-distill-qwen-7b              and a model, before or after it is pulled\n"
    "  retort doctor r1.gguf --kv-tokens 65536       will that fit?\n"
    "  retort doctor r1.gguf --memory 6GB            and on a machine with so much free?\n"
    "  retort doctor r1.gguf --max-tokens 1024       will its thoughts be cut?\n"
    "  retort doctor r1.gguf --json | jq '.[] | select(.severity == \"error\")'\n\n"
    "Nothing is changed and no weights are loaded. The exit status is 1 if there is an error.\n"
    "docs/doctor.md lists what is looked at.";

struct DoctorFlags {
  std::vector<std::string> models;
  LoadOptions load;
  StoreFlags store;
  int port = 7860;
  int64_t max_tokens = GenerationOptions().max_tokens;
  int64_t memory_bytes = 0;
  bool json = false;
};

// What all checks share.
struct Clinic {
  HubSettings settings = SettingsFromEnvironment();
  Catalogue catalogue = BuiltInCatalogue();
  doctor::SystemFiles files{""};
  doctor::CacheFacts cache;
  std::unique_ptr<RunStore> store;
  doctor::ModelCheckOptions options;
  Findings findings;
};

void CheckMachine(const DoctorFlags& flags, Clinic& clinic) {
  const doctor::CpuFacts cpu = doctor::GatherCpu(clinic.files, {.levels = CpuLevels(),
                                                                .level = flags.load.cpu_level,
                                                                .threads = flags.load.num_threads,
                                                                .usable_cores = UsableCores()});
  doctor::Append(clinic.findings, doctor::CheckCpu(cpu));
  clinic.cache = doctor::GatherCache({.folder = clinic.settings.cache,
                                      .chosen_by = clinic.settings.cache_chosen_by,
                                      .offline = clinic.settings.offline});
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    clinic.cache.elsewhere =
        doctor::ModelsElsewhere(doctor::UsualCaches(home), clinic.settings.cache, clinic.catalogue);
  }
  doctor::Append(clinic.findings, doctor::CheckCache(clinic.cache));
  doctor::Append(clinic.findings, doctor::CheckPort(doctor::GatherPort(clinic.files, flags.port)));
}

// A store that cannot be read keeps nothing else from being looked at.
void OpenStoreFor(const DoctorFlags& flags, Clinic& clinic) {
  try {
    clinic.store = OpenExistingStore(flags.store);
  } catch (const Error& error) {
    clinic.findings.push_back({.severity = Severity::kWarning,
                               .check = "store",
                               .what = error.what(),
                               .remedy = "name another store with --store FILE"});
  }
}

// A model of the catalogue or a hub that was not pulled.
Findings CheckAbsent(const ModelReference& reference, Clinic& clinic) {
  doctor::AbsentModel model{.name = reference.text};
  std::vector<std::string> names = {reference.text};
  Findings findings;
  if (reference.kind == ModelReference::Kind::kCatalogue) {
    const CatalogueMatch match = FindInCatalogue(reference, clinic.catalogue);
    const int64_t parameters = doctor::ParametersOf(*match.model);
    model.bytes = doctor::AlternativeOf(*match.model, *match.file, parameters).weight_bytes;
    names = match.model->aliases;
    names.insert(names.end(), {match.model->title, match.model->name});
    findings = doctor::CheckCatalogueModel(match, clinic.options);
  } else if (reference.kind == ModelReference::Kind::kRepository) {
    names = {reference.repository.substr(reference.repository.find('/') + 1)};
  }
  model.partly = !ModelsMeant(reference, HubCache(clinic.settings.cache), clinic.catalogue).empty();
  model.elsewhere = doctor::Alike(clinic.cache.elsewhere, names);
  Findings all = doctor::CheckAbsentModel(model, clinic.cache);
  doctor::Append(all, std::move(findings));
  return all;
}

Findings CheckModel(const std::string& text, Clinic& clinic) {
  if (IsPath(text)) return doctor::CheckModelFile(text, clinic.options);
  const ModelReference reference = ParseReference(text, clinic.settings.endpoint);
  try {
    const CachedModel cached =
        ResolveModel(reference, HubCache(clinic.settings.cache), clinic.catalogue);
    return doctor::CheckModelFile(cached.path, clinic.options);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNotFound) throw;
  }
  return CheckAbsent(reference, clinic);
}

void CheckModels(const DoctorFlags& flags, Clinic& clinic) {
  OpenStoreFor(flags, clinic);
  clinic.options.load = flags.load;
  clinic.options.max_tokens = flags.max_tokens;
  clinic.options.catalogue = &clinic.catalogue;
  clinic.options.free = doctor::ReadFreeMemory(clinic.files);
  if (flags.memory_bytes > 0) {
    clinic.options.free = {.total_bytes = flags.memory_bytes,
                           .available_bytes = flags.memory_bytes};
  }
  if (clinic.store != nullptr) {
    clinic.options.answers = [&clinic](const std::string& path, const std::string& name) {
      return clinic.store->AnswerLengths(path, name);
    };
  }
  for (const std::string& text : flags.models) {
    Findings findings;
    try {
      findings = CheckModel(text, clinic);
    } catch (const Error& error) {
      findings.push_back({.severity = Severity::kError, .check = "model", .what = error.what()});
    }
    for (Finding& finding : findings) finding.model = text;
    doctor::Append(clinic.findings, std::move(findings));
  }
}

void RunDoctor(const DoctorFlags& flags) {
  Clinic clinic;
  CheckMachine(flags, clinic);
  if (!flags.models.empty()) CheckModels(flags, clinic);
  if (flags.json) {
    // Text in files need not be UTF-8; JSON has to be.
    std::puts(DoctorJson(clinic.findings)
                  .dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)
                  .c_str());
  } else {
    std::fputs(
        DoctorText(clinic.findings, StyleFor(STDOUT_FILENO), TerminalWidth(STDOUT_FILENO)).c_str(),
        stdout);
  }
  if (doctor::CountOf(clinic.findings, Severity::kError) > 0) throw CLI::RuntimeError(1);
}

}  // namespace

void AddDoctorCommand(CLI::App& app) {
  CLI::App* command =
      app.add_subcommand("doctor", "What is wrong here, and the smallest change that mends it");
  command->footer(kDoctorExamples);
  const auto flags = std::make_shared<DoctorFlags>();
  command->add_option("MODEL", flags->models, "Files, folders, or names of models");
  command->add_option("--port", flags->port, "That `retort serve` is to have")
      ->check(CLI::Range(1, 65535))
      ->capture_default_str();
  command->add_option("--max-tokens", flags->max_tokens, "Longest answer, thinking included")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 31))
      ->capture_default_str();
  command
      ->add_option("--kv-tokens", flags->load.kv_tokens,
                   "Tokens that the key/value cache holds; 0 chooses by model and memory")
      ->check(CLI::Range(int64_t{0}, int64_t{1} << 31))
      ->capture_default_str();
  command->add_option("--kv-type", flags->load.kv_type, "Form of keys and values")
      ->check(CLI::IsMember({"f16", "f16-q8_0", "q8_0"}))
      ->default_str("f16");
  command->add_option("--memory", flags->memory_bytes, "Judge as if so much were free: 6GB, 8GiB")
      ->transform(CLI::AsSizeValue(/*kb_is_1000=*/true))
      ->type_name("SIZE");
  command->add_option("--threads", flags->load.num_threads, "Threads; 0: every core there is")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  command
      ->add_option("--cpu-level", flags->load.cpu_level, "Instruction set; the best if not given")
      ->envname("RETORT_CPU_LEVEL");
  AddStoreFlags(*command, flags->store, /*optional=*/false);
  command->add_flag("--json", flags->json, "One JSON array");
  command->callback([flags] { RunDoctor(*flags); });
}

}  // namespace retort
