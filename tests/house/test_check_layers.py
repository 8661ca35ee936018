"""What tools/check_layers.py finds and what it leaves alone."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tools"))
import check_layers  # noqa: E402

HEADER = "// What it is.\n#pragma once\n"


class Includes(unittest.TestCase):
    def assert_allowed(self, path, line):
        self.assertIsNone(check_layers.check_include(path, line), f"{path}: {line}")

    def assert_refused(self, path, line, words):
        finding = check_layers.check_include(path, line)
        self.assertIsNotNone(finding, f"{path}: {line}")
        self.assertIn(words, finding)

    def test_a_layer_may_use_those_to_its_right(self):
        self.assert_allowed("model/decoder.cpp", '#include "ops/backend.h"')
        self.assert_allowed("model/decoder.cpp", '#include "model/config.h"')
        self.assert_allowed("lab/report.cpp", '#include "runtime/generation.h"')
        self.assert_allowed("ops/cpu/matmul.cpp", '#include "ops/step.h"')

    def test_a_layer_may_not_use_those_to_its_left(self):
        self.assert_refused("base/error.cpp", '#include "tensor/shape.h"', "base may not include")
        self.assert_refused("model/decoder.cpp", '#include "engine/engine.h"', "engine is not")
        self.assert_refused("runtime/a.cpp", '#  include "lab/report.h"', "lab is not")

    def test_folders_on_one_step_do_not_see_each_other(self):
        self.assert_refused("engine/engine.cpp", '#include "text/tokenizer.h"', "text")
        self.assert_refused("text/tokenizer.cpp", '#include "engine/engine.h"', "engine")
        self.assert_refused("ops/cpu/a.cpp", '#include "ops/reference/rope.h"', "ops/reference")
        self.assert_refused("checkpoint/gguf.cpp", '#include "ops/backend.h"', "ops")

    def test_the_interface_of_ops_does_not_see_what_implements_it(self):
        self.assert_refused("ops/validate.cpp", '#include "ops/cpu/cpu_backend.h"', "ops/cpu")

    def test_models_know_no_particular_backend(self):
        self.assert_refused("model/decoder.cpp", '#include "ops/cpu/cpu_backend.h"', "ops/cpu")

    def test_text_knows_nothing_of_tensors(self):
        self.assert_refused("text/tokenizer.cpp", '#include "tensor/tensor.h"', "tensor")

    def test_tests_may_stand_on_everything_that_is_not_above_their_layer(self):
        self.assert_allowed("model/decoder_test.cpp", '#include "ops/reference/rope.h"')
        self.assert_allowed("ops/cpu/a_test.cpp", '#include "ops/reference/rope.h"')
        self.assert_refused("model/decoder_test.cpp", '#include "runtime/generation.h"', "runtime")

    def test_what_tests_share_counts_as_a_test(self):
        self.assert_allowed("text/test_data.h", '#include "tests/support/paths.h"')
        self.assert_refused("text/data.h", '#include "tests/support/paths.h"', "tests alone")

    def test_includes_are_rooted_at_src(self):
        self.assert_refused("model/decoder.cpp", '#include "config.h"', "not rooted")
        self.assert_refused("model/decoder.cpp", '#include "../ops/step.h"', "not rooted")

    def test_outside_libraries_stay_in_their_folders(self):
        self.assert_allowed("text/pattern.cpp", "#include <pcre2.h>")
        self.assert_refused("engine/a.cpp", "#include <nlohmann/json_fwd.hpp>", "nlohmann")
        self.assert_refused("lab/a.cpp", "#include <CLI/CLI.hpp>", "cli may")
        self.assert_allowed("math/exact.cpp", "#include <boost/multiprecision/cpp_int.hpp>")
        self.assert_refused("lab/a.cpp", "#include <boost/regex.hpp>", "no layer may")
        self.assert_allowed("net/a.cpp", "#include <boost/asio/io_context.hpp>")
        self.assert_refused("lab/a.cpp", "#include <boost/beast/http/parser.hpp>", "net may")
        self.assert_refused("model/a.cpp", "#include <immintrin.h>", "ops/cpu may")
        self.assert_allowed("model/a.cpp", "#include <vector>")

    def test_net_keeps_its_library_out_of_what_others_include(self):
        self.assert_allowed("net/channel.h", "#include <boost/asio/ip/tcp.hpp>")
        self.assert_refused("net/http_server.h", "#include <boost/asio/ip/tcp.hpp>", "hide it")
        self.assert_allowed("net/connection.cpp", '#include "net/channel.h"')
        self.assert_refused("lab/a.cpp", '#include "net/channel.h"', "net alone")
        self.assert_allowed("lab/a.cpp", '#include "net/http_client.h"')

    def test_headers_take_the_cheap_json_header(self):
        self.assert_refused("runtime/a.h", "#include <nlohmann/json.hpp>", "json_fwd")
        self.assert_allowed("runtime/a.cpp", "#include <nlohmann/json.hpp>")
        self.assert_allowed("api/a.h", "#include <nlohmann/json.hpp>")

    def test_googletest_is_for_tests(self):
        self.assert_refused("base/a.cpp", "#include <gtest/gtest.h>", "tests alone")
        self.assert_allowed("base/a_test.cpp", "#include <gtest/gtest.h>")


class Sources(unittest.TestCase):
    def findings(self, path, text):
        return check_layers.check_source(path, text)

    def test_a_finding_names_file_and_line(self):
        found = self.findings("base/a.cpp", '#include <vector>\n#include "tensor/shape.h"\n')
        self.assertEqual(len(found), 1)
        self.assertTrue(found[0].startswith("src/base/a.cpp:2: "))

    def test_only_cli_prints_exits_and_reads_the_environment(self):
        for line in ('std::cout << "a";', 'std::printf("a");', 'getenv("HOME");', "exit(1);"):
            self.assertEqual(len(self.findings("lab/a.cpp", f"void F() {{ {line} }}\n")), 1, line)
            self.assertEqual(self.findings("cli/a.cpp", f"void F() {{ {line} }}\n"), [], line)

    def test_comments_strings_and_other_names_are_no_calls(self):
        text = (
            "// printf(x) would be wrong here\n"
            'auto a = "getenv(x)";\n'
            "/* exit(1)\n   exit(2) */\n"
            "snprintf(b, 2, c); request.exit_code(1); on_exit(2); std::ostringstream cout_like;\n"
            'auto r = R"(std::cout << printf(1))";\n'
            "auto million = 1'000'000; char quote = '\"'; // exit(1)\n"
        )
        self.assertEqual(self.findings("lab/a.cpp", text), [])

    def test_a_call_after_a_string_is_still_seen(self):
        self.assertEqual(len(self.findings("lab/a.cpp", 'F("a\\"b"); getenv(name);\n')), 1)

    def test_notes_to_self_become_issues(self):
        self.assertEqual(len(self.findings("cli/a.cpp", "// TODO: later\n")), 1)

    def test_headers_open_with_a_comment_and_guard_themselves(self):
        self.assertEqual(self.findings("base/a.h", HEADER), [])
        self.assertEqual(len(self.findings("base/a.h", "#pragma once\n")), 1)
        self.assertEqual(len(self.findings("base/a.h", "// What it is.\nint F();\n")), 1)

    def test_an_unknown_folder_is_a_finding(self):
        self.assertEqual(len(self.findings("utils/a.cpp", "")), 1)


class CMake(unittest.TestCase):
    def test_layers_link_only_what_they_may(self):
        good = "retort_layer(engine\n  SOURCES a.cpp\n  DEPS model base\n  TEST_DEPS ops_cpu)\n"
        self.assertEqual(check_layers.check_cmake("engine/CMakeLists.txt", good), [])
        bad = "\nretort_layer(engine SOURCES a.cpp DEPS text TEST_DEPS test_support)\n"
        found = check_layers.check_cmake("engine/CMakeLists.txt", bad)
        self.assertEqual(found, ["src/engine/CMakeLists.txt:2: engine may not link text"])

    def test_backends_do_not_link_each_other(self):
        bad = "retort_layer(ops_cpu SOURCES a.cpp DEPS ops ops_reference)\n"
        self.assertEqual(len(check_layers.check_cmake("ops/cpu/CMakeLists.txt", bad)), 1)
        good = "retort_layer(ops_cpu SOURCES a.cpp DEPS ops TEST_DEPS ops_reference)\n"
        self.assertEqual(check_layers.check_cmake("ops/cpu/CMakeLists.txt", good), [])


if __name__ == "__main__":
    unittest.main()
