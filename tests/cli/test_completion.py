"""The completion scripts in their shells, and the manual page in `man`."""

import os
import pathlib
import shutil
import subprocess
import unittest

ROOT = pathlib.Path(__file__).parents[2]
PROGRAM = os.environ.get("RETORT_PROGRAM", str(ROOT / "build/release/retort"))


def printed(*arguments, **options):
    return subprocess.run(arguments, capture_output=True, text=True, check=True, **options).stdout


def needs(program):
    return unittest.skipUnless(shutil.which(program), f"{program} is not installed: "
                               "scripts/setup --dev brings it")


class CompletionTest(unittest.TestCase):
    def bash(self, line):
        """What bash would offer at the end of `line`."""
        script = """
            source /dev/stdin
            read -r -a COMP_WORDS <<< "$LINE"
            [[ $LINE == *" " ]] && COMP_WORDS+=("")
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            compopt() { :; }
            _retort
            printf '%s\\n' "${COMPREPLY[@]}"
        """
        offered = printed("bash", "--norc", "-c", script, cwd=ROOT,
                          input=printed(PROGRAM, "completion", "bash"),
                          env={**os.environ, "LINE": line})
        return offered.split("\n")[:-1]

    def test_bash_offers_commands_flags_choices_and_files(self):
        self.assertIn("compare", self.bash("retort "))
        self.assertNotIn("worker", self.bash("retort "))
        self.assertEqual(self.bash("retort comple"), ["completion"])
        self.assertIn("--backend", self.bash("retort run --b"))
        self.assertEqual(set(self.bash("retort completion --")), {"--help"})
        self.assertIn("README.md", self.bash("retort run READ"))
        self.assertEqual(self.bash("retort score --role g"), ["generated"])
        self.assertEqual(self.bash("retort run --top-k 4"), [""])

    @needs("zsh")
    def test_zsh_takes_its_script(self):
        script = printed(PROGRAM, "completion", "zsh")
        listed = printed("zsh", "-f", "-c", "autoload -U compinit && compinit -u -D; source /dev/stdin; "
                         "print ${_comps[retort]}; whence -w _retort_run", input=script)
        self.assertEqual(listed.split("\n")[:2], ["_retort", "_retort_run: function"])

    @needs("fish")
    def test_fish_offers_commands_and_choices(self):
        script = printed(PROGRAM, "completion", "fish")

        def offered(line):
            ran = printed("fish", "--no-config", "-c", f"source; complete -C'{line}'", input=script)
            return [each.split("\t")[0] for each in ran.splitlines()]

        self.assertIn("compare", offered("retort "))
        self.assertIn("generated", offered("retort score --role "))
        self.assertIn("--backend", offered("retort run --back"))

    def test_the_manual_page_is_clean(self):
        page = printed(PROGRAM, "man")
        self.assertIn('.SS "retort compare"', page)
        self.assertNotIn("worker", page)
        if shutil.which("groff"):
            ran = subprocess.run(["groff", "-man", "-Tutf8", "-ww"], input=page, text=True,
                                 capture_output=True, check=True)
            self.assertEqual(ran.stderr, "")
            self.assertIn("--temperature", ran.stdout)


if __name__ == "__main__":
    unittest.main()
