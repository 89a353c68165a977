"""The README's program is run as it stands there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"


def test_the_program_of_the_README_runs_as_it_stands_there(tmp_path: Path):
    program = re.search(r"```python\n(.*?)```", README.read_text(), flags=re.S)
    assert program
    done = subprocess.run(
        [sys.executable, "-B", "-W", "error", "-c", program[1]], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0 and done.stderr == "", done.stderr
    assert done.stdout.splitlines()[-1] == "Ada Byron Basic"
