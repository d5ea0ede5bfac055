from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from formcheck.errors import ModelMissing
from formcheck.estimators.model_store import ModelFile, ModelStore

# How long an example takes says nothing on a machine that is shared.
settings.register_profile("formcheck", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=20)  # for hundreds of runs
settings.load_profile("formcheck")


@pytest.fixture(autouse=True)
def history_file(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A history of the test's own: nobody's real one is ever touched."""
    path = tmp_path_factory.mktemp("history") / "history.sqlite3"
    monkeypatch.setenv("FORMCHECK_HISTORY", str(path))
    return path


@pytest.fixture(scope="session")
def pose_model() -> ModelFile:
    """The real pose model, as a user would get it."""
    try:
        return ModelStore().get()
    except ModelMissing as error:
        pytest.skip(f"no pose model: {error}")


@pytest.fixture(scope="session")
def footage() -> Path:
    """A folder of real clips, which are not part of the project."""
    default = Path(__file__).parents[2] / "shared" / "footage"
    folder = Path(os.environ.get("FORMCHECK_FOOTAGE", default))
    if not (folder / "index.csv").is_file():
        pytest.skip("no real clips: set FORMCHECK_FOOTAGE to a folder with index.csv and clips/")
    return folder
