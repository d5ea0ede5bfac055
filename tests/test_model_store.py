from __future__ import annotations

import errno
import hashlib
import os
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from formcheck.errors import ModelCorrupt, ModelMissing
from formcheck.estimators import model_fetch
from formcheck.estimators.model_bundle import build
from formcheck.estimators.model_manifest import Manifest, Variant, load_manifest
from formcheck.estimators.model_store import ModelFile, ModelStore
from tests.fakes_model import (
    DETECTOR,
    LANDMARKS,
    NOWHERE,
    WHEEL_NAME,
    Server,
    bundle,
    environment,
    index_files,
    left_in,
    manifest,
    serving,
    wheel,
)

BUILT = build(DETECTOR, LANDMARKS)
BUILT_SHA256 = hashlib.sha256(BUILT).hexdigest()
REFUSED = os.strerror(errno.ECONNREFUSED)
FULL, LITE = "pose_landmarker_full.task", "pose_landmarker_lite.task"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(index_files(wheel())) as running:
        yield running


def offline(cache: Path, **more: str) -> ModelStore:
    return ModelStore(cache, manifest(), environment(**more))


def online(cache: Path, server: Server, packed: bytes | None = None) -> ModelStore:
    known = manifest(server.address, packed)
    return ModelStore(cache, known, environment(server.address))


def put(path: Path, contents: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(contents)
    return path


# Where a model is looked for


def test_the_user_s_file_comes_first(tmp_path: Path) -> None:
    put(tmp_path / "cache" / FULL, BUILT)
    given = put(tmp_path / "mine.task", bundle())
    store = offline(tmp_path / "cache", FORMCHECK_MODEL="/nowhere/at/all.task")
    sha256 = hashlib.sha256(bundle()).hexdigest()
    assert store.get(given) == ModelFile(given, "mine", "custom", sha256, "given")


def test_then_the_variable(tmp_path: Path) -> None:
    put(tmp_path / "cache" / FULL, BUILT)
    named = put(tmp_path / "theirs.task", BUILT)
    store = offline(tmp_path / "cache", FORMCHECK_MODEL=str(named))
    assert store.get() == ModelFile(named, "theirs", "custom", BUILT_SHA256, "given")


def test_then_the_cache(tmp_path: Path) -> None:
    cached = put(tmp_path / FULL, BUILT)
    found = ModelFile(cached, "pose_landmarker_full", "full", BUILT_SHA256, "cache")
    assert offline(tmp_path).find() == found
    assert offline(tmp_path).get() == found
    assert left_in(tmp_path) == {FULL, f"{FULL}.sha256"}


def test_finding_never_fetches(tmp_path: Path, server: Server) -> None:
    assert online(tmp_path / "cache", server).find() is None
    assert server.asked == []
    assert left_in(tmp_path) == set()


def test_an_unknown_variant(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing) as caught:
        offline(tmp_path).get(variant="huge")
    assert str(caught.value) == ("There is no pose model 'huge'. Choose one of: lite, full, heavy.")


def test_a_given_file_that_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "gone.task"
    rest = (
        "No such file or directory. Name a MediaPipe pose landmarker bundle (.task), or leave "
        "it out to use formcheck's own."
    )
    with pytest.raises(ModelMissing) as caught:
        offline(tmp_path).get(path)
    assert str(caught.value) == f"Could not read the pose model '{path}': {rest}"
    with pytest.raises(ModelMissing) as caught:
        offline(tmp_path, FORMCHECK_MODEL=str(path)).get()
    assert str(caught.value) == (
        f"Could not read the pose model '{path}' (from FORMCHECK_MODEL): {rest}"
    )


def test_a_given_file_that_is_no_model(tmp_path: Path, server: Server) -> None:
    path = put(tmp_path / "squat.task", b"not a model")
    with pytest.raises(ModelCorrupt) as caught:
        online(tmp_path, server).get(path)
    assert str(caught.value) == (
        f"The pose model '{path}' is not a MediaPipe .task bundle. Name a MediaPipe pose "
        "landmarker bundle, or leave it out to use formcheck's own."
    )
    assert server.asked == [], "what the user names is not replaced by something else"


# Fetching


def test_the_full_model_is_built_from_the_wheel(tmp_path: Path, server: Server) -> None:
    store = online(tmp_path / "new" / "cache", server)
    steps: list[tuple[int, int | None, str]] = []
    model = store.get(progress=lambda *step: steps.append(step))
    path = tmp_path / "new" / "cache" / FULL
    assert model == ModelFile(path, "pose_landmarker_full", "full", BUILT_SHA256, "cache")
    assert path.read_bytes() == BUILT
    assert left_in(store.cache) == {FULL, f"{FULL}.sha256"}
    record = store.cache / f"{FULL}.sha256"
    assert record.read_text() == f"{BUILT_SHA256}  {FULL}\n"
    assert record.stat().st_mode == path.stat().st_mode, "a cache may be shared"
    size = len(wheel())
    assert steps[-1] == (size, size, "mediapipe==0.10.21")
    assert all(0 <= done <= size and total == size for done, total, _ in steps)
    asked = len(server.asked)
    assert store.get() == model
    assert len(server.asked) == asked, "the second time it is there"


def test_without_the_wheel_the_official_bundle_is_taken(tmp_path: Path, server: Server) -> None:
    server.files = {"/full.task": bundle()}
    store = online(tmp_path, server)
    steps: list[tuple[int, int | None, str]] = []
    model = store.get(progress=lambda *step: steps.append(step))
    assert model.sha256 == hashlib.sha256(bundle()).hexdigest()
    assert steps[-1] == (len(bundle()), len(bundle()), FULL)
    assert store.find() == model, "its checksum was written down"
    assert left_in(tmp_path) == {FULL, f"{FULL}.sha256"}


@pytest.mark.parametrize("variant", ["lite", "heavy"])
def test_other_variants_are_trusted_when_first_seen(
    tmp_path: Path, server: Server, variant: str
) -> None:
    name = f"pose_landmarker_{variant}.task"
    server.files[f"/{variant}.task"] = bundle(variant)
    store = online(tmp_path, server)
    model = store.get(variant=variant)
    assert server.asked == [f"/{variant}.task"]
    assert model.path.read_bytes() == bundle(variant)
    assert (model.variant, model.name) == (variant, f"pose_landmarker_{variant}")
    assert (tmp_path / f"{name}.sha256").read_text() == f"{model.sha256}  {name}\n"
    put(model.path, bundle("another"))
    with pytest.raises(ModelCorrupt, match="its checksum is not the expected one"):
        store.find(variant=variant)


@pytest.mark.parametrize("variant", ["full", "lite"])
def test_a_bundle_copied_by_hand_is_trusted_from_then_on(tmp_path: Path, variant: str) -> None:
    name = f"pose_landmarker_{variant}.task"
    path = put(tmp_path / name, bundle(variant))
    found = offline(tmp_path).find(variant=variant)
    assert found is not None
    assert (tmp_path / f"{name}.sha256").read_text() == f"{found.sha256}  {name}\n"
    put(path, bundle("other"))
    with pytest.raises(ModelCorrupt) as caught:
        offline(tmp_path).find(variant=variant)
    assert str(caught.value) == (
        f"The cached pose model '{path}' is damaged: its checksum is not the expected one. "
        "Delete it and run 'formcheck model fetch'."
    )


def test_rubbish_copied_by_hand_is_not_trusted(tmp_path: Path) -> None:
    path = put(tmp_path / LITE, b"an error page")
    with pytest.raises(ModelCorrupt) as caught:
        offline(tmp_path).find(variant="lite")
    assert str(caught.value) == (
        f"The cached pose model '{path}' is not a MediaPipe .task bundle. "
        "Delete it and run 'formcheck model fetch'."
    )
    assert left_in(tmp_path) == {LITE}


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs a user without all rights"
)
def test_a_copied_bundle_in_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    cache = put(tmp_path / "cache" / FULL, BUILT).parent
    cache.chmod(0o555)
    try:
        found = offline(cache).find()
    finally:
        cache.chmod(0o755)
    assert found is not None
    assert left_in(cache) == {FULL}


@pytest.mark.parametrize("record", [b"", b"\n", "Prüfsumme".encode()])
def test_an_unreadable_record_is_written_anew(tmp_path: Path, record: bytes) -> None:
    put(tmp_path / FULL, BUILT)
    written = put(tmp_path / f"{FULL}.sha256", record)
    assert offline(tmp_path).find() is not None
    assert written.read_text() == f"{BUILT_SHA256}  {FULL}\n"


def test_fetching_again_replaces_what_is_there(tmp_path: Path, server: Server) -> None:
    put(tmp_path / FULL, bundle("old"))
    put(tmp_path / f"{FULL}.sha256", b"0000  old\n")
    store = online(tmp_path, server)
    fetched = store.fetch()
    assert fetched.sha256 == BUILT_SHA256
    assert store.find() == fetched
    assert left_in(tmp_path) == {FULL, f"{FULL}.sha256"}


# When something goes wrong


def three_ways_out(cache: Path, name: str, reasons: str) -> str:
    return (
        f"There is no pose model yet and it could not be fetched ({reasons}). Give a model file "
        "with --model PATH or FORMCHECK_MODEL, or connect to the internet and run 'formcheck "
        f"model fetch', or copy the file from another machine to '{cache / name}'."
    )


def test_no_network_gives_one_message_quickly_and_leaves_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    begun = time.monotonic()
    with pytest.raises(ModelMissing) as caught:
        offline(tmp_path).get()
    assert str(caught.value) == three_ways_out(
        tmp_path,
        FULL,
        f"pip: no connection to the package index; 127.0.0.1:9: {REFUSED}",
    )
    assert time.monotonic() - begun < 20
    assert left_in(tmp_path) == set()
    assert capfd.readouterr() == ("", "")


def test_no_network_for_another_variant(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing) as caught:
        offline(tmp_path).get(variant="lite")
    assert str(caught.value) == three_ways_out(tmp_path, LITE, f"127.0.0.1:9: {REFUSED}")
    assert left_in(tmp_path) == set()


def test_a_wheel_that_is_not_the_expected_one(tmp_path: Path, server: Server) -> None:
    server.files = index_files(wheel(landmarks=DETECTOR))
    with pytest.raises(ModelMissing) as caught:
        online(tmp_path, server).get()
    assert f"(the checksum of {WHEEL_NAME} is not the expected one; " in str(caught.value)
    assert left_in(tmp_path) == set()


def test_networks_that_are_not_the_expected_ones(tmp_path: Path, server: Server) -> None:
    packed = wheel(landmarks=DETECTOR)
    server.files = index_files(packed)
    with pytest.raises(ModelMissing) as caught:
        online(tmp_path, server, packed).get()
    assert (
        "the checksum of mediapipe/modules/pose_landmark/pose_landmark_full.tflite is not the "
        "expected one"
    ) in str(caught.value)
    assert left_in(tmp_path) == set()


def test_without_mediapipe_s_schemas_there_is_no_building(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mediapipe.tasks.metadata", None)
    monkeypatch.delitem(sys.modules, "mediapipe.tasks.metadata.schema_py_generated")
    with pytest.raises(ModelMissing) as caught:
        online(tmp_path, server).get()
    assert "(the bundle cannot be built, as MediaPipe could not be loaded: " in str(caught.value)
    assert left_in(tmp_path) == set()


def test_a_pip_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_fetch, "_STALLED_S", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        store = ModelStore(tmp_path, manifest(), environment(address))
        with pytest.raises(ModelMissing, match=r"\(pip made no progress for 1 s; "):
            store.get()
    assert left_in(tmp_path) == set()


def test_an_index_that_does_not_have_it(tmp_path: Path, server: Server) -> None:
    server.files = {"/simple/mediapipe/": b"<!DOCTYPE html><html><body></body></html>"}
    with pytest.raises(ModelMissing) as caught:
        online(tmp_path, server).get()
    assert "(pip: No matching distribution found for mediapipe==0.10.21; " in str(caught.value)


def test_half_a_download_is_not_a_model(tmp_path: Path, server: Server) -> None:
    server.files["/lite.task"] = bundle("lite")
    server.cut_short = {"/lite.task"}
    with pytest.raises(ModelMissing) as caught:
        online(tmp_path, server).get(variant="lite")
    size = len(bundle("lite"))
    assert f"the download broke off after {size // 2} of {size} bytes" in str(caught.value)
    assert left_in(tmp_path) == set()


def test_an_error_page_is_not_a_model(tmp_path: Path, server: Server) -> None:
    server.files["/lite.task"] = b"<html>please log in</html>"
    with pytest.raises(ModelMissing, match=r"sent is not a MediaPipe \.task bundle\)"):
        online(tmp_path, server).get(variant="lite")
    assert left_in(tmp_path) == set()


def test_a_damaged_cache_is_fetched_again_once(tmp_path: Path, server: Server) -> None:
    put(tmp_path / FULL, BUILT[:-100])
    store = online(tmp_path, server)
    with pytest.raises(ModelCorrupt):
        store.find()
    assert store.get().sha256 == BUILT_SHA256
    assert (tmp_path / FULL).read_bytes() == BUILT


def test_a_damaged_cache_without_a_network(tmp_path: Path) -> None:
    path = put(tmp_path / FULL, BUILT[:-100])
    with pytest.raises(ModelCorrupt) as caught:
        offline(tmp_path).get()
    message = str(caught.value)
    assert message.startswith(
        f"The cached pose model '{path}' is not a MediaPipe .task bundle. "
        "Delete it and run 'formcheck model fetch'. It could not be fetched again: "
    )
    assert left_in(tmp_path) == {FULL}


@pytest.mark.parametrize("place", ["", "full"])
def test_a_cache_that_cannot_be_written(tmp_path: Path, server: Server, place: str) -> None:
    blocked = put(tmp_path / "file", b"where a folder should be")
    cache = blocked / place
    with pytest.raises(ModelMissing) as caught:
        online(cache, server).get()
    assert str(caught.value).startswith(f"The pose model could not be stored in '{cache}': ")
    assert str(caught.value).endswith(
        "Make room there or allow writing, or give a model file with --model PATH or "
        "FORMCHECK_MODEL."
    )


def test_ctrl_c_while_fetching_leaves_nothing(tmp_path: Path, server: Server) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        online(tmp_path, server).get(progress=interrupt)
    assert left_in(tmp_path) == set()


def test_what_a_killed_process_left_is_cleared_away_in_time(tmp_path: Path, server: Server) -> None:
    old, new = tmp_path / ".fetch-old", tmp_path / ".fetch-new"
    for folder in (old, new):
        put(folder / "part", b"half")
    os.utime(old, (1_000_000_000, 1_000_000_000))
    online(tmp_path, server).fetch()
    assert left_in(tmp_path) == {FULL, f"{FULL}.sha256", ".fetch-new"}


def test_several_may_fetch_at_once(tmp_path: Path, server: Server) -> None:
    server.files["/lite.task"] = bundle("lite")
    found: list[str] = []

    def work() -> None:
        store = online(tmp_path, server)
        found.append(store.fetch(variant="lite").sha256)
        model = store.find(variant="lite")
        assert model is not None
        found.append(model.sha256)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [hashlib.sha256(bundle("lite")).hexdigest()] * 12
    assert left_in(tmp_path) == {LITE, f"{LITE}.sha256"}


# What comes with formcheck


def test_the_manifest_is_complete() -> None:
    known = load_manifest()
    assert set(known.variants) == {"lite", "full", "heavy"}
    assert known.licence == "Apache-2.0"
    assert known.wheel.variant == "full"
    for name, variant in known.variants.items():
        assert variant.file == f"pose_landmarker_{name}.task"
        assert variant.address.startswith("https://storage.googleapis.com/mediapipe-models/")
        assert variant.address.endswith(variant.file)
    checksums = [known.wheel.sha256, known.wheel.detector.sha256, known.wheel.landmarks.sha256]
    assert all(len(bytes.fromhex(checksum)) == 32 for checksum in checksums)


def test_the_manifest_of_an_installed_copy_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from formcheck.estimators import model_manifest

    assert [p.name for p in model_manifest._FOLDERS] == ["_models", "models"]
    monkeypatch.setattr(model_manifest, "_FOLDERS", (tmp_path / "none", tmp_path))
    with pytest.raises(ModelMissing, match="Install formcheck again"):
        load_manifest()


def test_the_store_is_the_user_s_cache_and_light_to_import() -> None:
    code = """
    import sys
    from formcheck.estimators.model_store import ModelStore
    print(ModelStore().path())
    assert not {"mediapipe", "flatbuffers", "cv2", "av"} & set(sys.modules)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "XDG_CACHE_HOME": "/somewhere/cache"},
        cwd=Path(__file__).parents[1],
    )
    if sys.platform == "linux":
        assert done.stdout == "/somewhere/cache/formcheck/pose_landmarker_full.task\n"


def test_a_manifest_from_toml() -> None:
    data = {
        "name": "tiny",
        "licence": "MIT",
        "variants": {"full": {"file": "full.task", "address": NOWHERE}},
        "wheel": {
            "variant": "full",
            "requirement": "mediapipe==0.10.21",
            "python_version": "3.11",
            "platform": "any",
            "size_bytes": 3,
            "sha256": "00",
            "detector": {"path": "a", "sha256": "01"},
            "landmarks": {"path": "b", "sha256": "02"},
        },
    }
    known = Manifest.from_dict(data)
    assert known.variants["full"] == Variant("full", "full.task", NOWHERE)
    assert known.wheel.landmarks.path == "b"
