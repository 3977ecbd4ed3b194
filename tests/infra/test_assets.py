"""What is uploaded is exactly what should run: nothing forgotten, nothing else, built for its target."""

import gzip
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Never

import pytest

from infra import assets, static
from infra.assets import Target
from infra.functions import FUNCTIONS, FunctionSpec
from tests.infra.synthesized import Synthesized

AARCH64 = 183  # e_machine of an ELF file
LARGEST_LAYERS = 60 * 1024 * 1024

DEPENDENCIES = "huntaze-dependencies"
OURS = "huntaze"


def contents(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.is_file()}


def sources(folder: Path) -> set[str]:
    return {path for path in contents(folder) if "__pycache__" not in path and not path.endswith(".pyc")}


def uploaded(stage: Synthesized, key: str) -> Path:
    return stage.folder / f"asset.{Path(key).stem}"


def layer(stage: Synthesized, name: str) -> Path:
    layers = stage.properties_of("AWS::Lambda::LayerVersion")
    [found] = [each for each in layers if each["LayerName"] == stage.stage.physical(name)]
    return uploaded(stage, found["Content"]["S3Key"])


@pytest.mark.parametrize("spec", FUNCTIONS, ids=lambda spec: spec.folder)
def test_a_function_ships_its_own_folder_and_nothing_else(any_stage: Synthesized, spec: FunctionSpec) -> None:
    code = any_stage.function(any_stage.stage.physical(spec.name))["Code"]["S3Key"]
    shipped = contents(uploaded(any_stage, code))

    assert "handler.py" in shipped
    built = {path for path in shipped if path.startswith("static/")}
    assert shipped - built == sources(assets.ROOT / "functions" / spec.folder)
    assert bool(built) == spec.serves_pages


def test_the_pages_ship_their_files_under_hashed_names_plain_and_compressed(any_stage: Synthesized) -> None:
    code = any_stage.function(any_stage.stage.physical("huntaze-web"))["Code"]["S3Key"]
    folder = uploaded(any_stage, code) / "static"
    names = json.loads((folder / "names.json").read_text())["files"]

    ours = {"app.css", "charts.css", "app.js", "imports.js", "live.js", "rows.js", "mark.svg"}
    assert set(names) == {*ours, "htmx.min.js", "icons.svg"}
    assert contents(folder) == {"names.json", *names.values(), *(f"{name}.gz" for name in names.values())}
    for name in names.values():
        content = (folder / name).read_bytes()
        assert hashlib.sha256(content).hexdigest()[:10] in name
        assert gzip.decompress((folder / f"{name}.gz").read_bytes()) == content


def test_all_scripts_and_styles_are_small(any_stage: Synthesized) -> None:
    code = any_stage.function(any_stage.stage.physical("huntaze-web"))["Code"]["S3Key"]
    sizes = {path.name: path.stat().st_size for path in (uploaded(any_stage, code) / "static").glob("*.gz")}
    [styles] = (uploaded(any_stage, code) / "static").glob("app.*.css")

    assert sum(size for name, size in sizes.items() if ".js" in name) <= 150 * 1024
    assert styles.stat().st_size <= 25 * 1024
    [charts] = (uploaded(any_stage, code) / "static").glob("charts.*.css")
    assert charts.stat().st_size <= 4 * 1024, "one page loads it, beside the other"


def test_a_squeezed_style_sheet_says_the_same() -> None:
    style = """
    /* Who reads this? */
    .a:is(b, c) > .d { margin: calc(-1 * var(--e)) 0; & :hover ~ p { width: calc(100% + 1px) !important; } }
    .f::before { content: "g > h; " / ""; background: url("data:,%3Csvg viewBox='0 0 1 1'%3E"); }
    @media (640px <= width < 900px) { .i + .j { grid: "a b" 1fr / auto; color: light-dark(#fff, #000); } }
    """

    assert static.squeezed(style) == (
        ".a:is(b,c)>.d{margin:calc(-1 * var(--e)) 0;& :hover~p{width:calc(100% + 1px)!important}}"
        """.f::before{content:"g > h; "/"";background:url("data:,%3Csvg viewBox='0 0 1 1'%3E")}"""
        '@media (640px<=width<900px){.i + .j{grid:"a b" 1fr/auto;color:light-dark(#fff,#000)}}'
    )


def test_every_icon_that_a_page_shows_is_in_the_sprite() -> None:
    templates = assets.HUNTAZE_LAYER / "python" / "huntaze" / "web" / "templates"
    text = "".join(path.read_text() for path in templates.glob("*.html"))
    wanted = set(re.findall(r'icon\("([a-z0-9-]+)', text))

    assert wanted - set(static.ICONS) == set()


def test_without_what_comes_from_npm_the_deployment_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"come from npm\. Run \./dev"):
        static.build(tmp_path / "static", tmp_path / "node_modules")
    assert not (tmp_path / "static").exists()


def test_the_same_sources_give_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "other"):
        static.build(tmp_path / name)

    assert contents(tmp_path / "one") == contents(tmp_path / "other")
    for path in contents(tmp_path / "one"):
        assert (tmp_path / "one" / path).read_bytes() == (tmp_path / "other" / path).read_bytes()


def test_the_layer_of_our_code_ships_the_package_with_its_migrations_and_nothing_else(any_stage: Synthesized) -> None:
    shipped = contents(layer(any_stage, OURS))

    assert shipped == {f"python/{path}" for path in sources(assets.ROOT / "layers" / "shared" / "python")}
    assert {path.split("/")[1] for path in shipped} == {"huntaze"}
    assert [path for path in shipped if path.startswith("python/huntaze/migrations/") and path.endswith(".sql")]


def test_the_layer_of_dependencies_ships_what_the_layers_requirements_name(prod: Synthesized) -> None:
    names = {requirement.partition("==")[0] for requirement in assets.requirements_of(assets.LAMBDA)}
    metadata = {path.name for path in (layer(prod, DEPENDENCIES) / "python").glob("*.dist-info")}

    assert {name.partition("-")[0].replace("_", "-").lower() for name in metadata} == names


def test_no_layer_ships_what_lambda_has_or_nobody_reads(any_stage: Synthesized) -> None:
    shipped = contents(layer(any_stage, DEPENDENCIES)) | contents(layer(any_stage, OURS))
    packages = {path.split("/")[1] for path in shipped}

    assert not {"boto3", "botocore", "s3transfer", "bin", "tests"} & packages
    assert not [path for path in shipped if "__pycache__" in path or path.endswith((".pyc", ".pyi"))]


def test_licences_travel_with_what_they_license(prod: Synthesized) -> None:
    for package in (layer(prod, DEPENDENCIES) / "python").glob("*.dist-info"):
        assert (package / "METADATA").is_file()
        assert [path for path in contents(package) if "licen" in path.lower()], package.name


def test_both_layers_together_are_small(any_stage: Synthesized) -> None:
    layers = [layer(any_stage, DEPENDENCIES), layer(any_stage, OURS)]
    size = sum(path.stat().st_size for each in layers for path in each.rglob("*") if path.is_file())

    assert size <= LARGEST_LAYERS


def test_compiled_code_for_aws_runs_on_arm_and_on_the_newest_python(in_aws: Synthesized) -> None:
    modules = list((layer(in_aws, DEPENDENCIES) / "python").rglob("*.so*"))

    assert modules
    for module in modules:
        assert int.from_bytes(module.read_bytes()[18:20], "little") == AARCH64, module
        if ".cpython-" in module.name:
            assert ".cpython-314-aarch64-" in module.name


def test_the_local_layers_can_be_imported_by_this_interpreter(local: Synthesized) -> None:
    folders = [str(layer(local, name) / "python") for name in (OURS, DEPENDENCIES)]
    program = f"import sys; sys.path[:0] = {folders}; import huntaze, psycopg, pydantic, redis, aws_lambda_powertools"

    subprocess.run([sys.executable, "-I", "-S", "-c", program], check=True)  # noqa: S603 - our own words


def test_lambdas_user_can_read_every_file(prod: Synthesized) -> None:
    for path in layer(prod, DEPENDENCIES).rglob("*"):
        assert path.stat().st_mode & 0o044 == 0o044, path


def test_the_layer_for_lambda_is_the_same_whoever_builds_it() -> None:
    requirements = assets.requirements_of(assets.LAMBDA)

    assert not [line for line in requirements if line.startswith("async-timeout")]
    assert all("==" in line and ";" not in line for line in requirements)


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(assets, "LAYERS", tmp_path / "layers")
    return tmp_path / "layers"


def install(_target: Target, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "package.py").touch()


def refuse(_target: Target, folder: Path) -> Never:
    install(_target, folder)
    raise RuntimeError("cut off")


def test_a_layer_is_built_once(workshop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "_install", install)
    built = assets.dependencies_layer(assets.LAMBDA)
    monkeypatch.setattr(assets, "_install", refuse)

    assert assets.dependencies_layer(assets.LAMBDA) == built
    assert contents(workshop) == {f"{built.name}/python/package.py"}


def test_an_interrupted_build_is_never_taken_for_a_whole_one(workshop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "_install", refuse)
    with pytest.raises(RuntimeError, match="cut off"):
        assets.dependencies_layer(assets.LAMBDA)

    assert contents(workshop) == set()


def test_two_builds_at_once_end_with_one_layer(workshop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def overtaken(target: Target, folder: Path) -> None:
        monkeypatch.setattr(assets, "_install", install)
        assets.dependencies_layer(target)
        install(target, folder)

    monkeypatch.setattr(assets, "_install", overtaken)
    built = assets.dependencies_layer(assets.LAMBDA)

    assert contents(workshop) == {f"{built.name}/python/package.py"}


def test_a_package_without_a_wheel_for_lambda_stops_the_deployment(
    workshop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("huntaze-has-no-such-package==1.0\n")
    monkeypatch.setattr(assets, "REQUIREMENTS", requirements)

    with pytest.raises(RuntimeError, match="cannot be built"):
        assets.dependencies_layer(assets.LAMBDA)
    assert contents(workshop) == set()


def test_a_function_that_is_declared_but_missing_stops_the_deployment() -> None:
    with pytest.raises(FileNotFoundError, match=r"functions/nobody/handler\.py is declared"):
        assets.function_folder("nobody")


def test_a_fingerprint_follows_names_and_contents_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / "0001.sql").write_text("select 1")
    first = assets.fingerprint([folder])

    (folder / "__pycache__" / "runner.pyc").write_text("noise")
    assert assets.fingerprint([folder]) == first
    (folder / "0001.sql").write_text("select 2")
    second = assets.fingerprint([folder])
    (folder / "0001.sql").rename(folder / "0002.sql")
    assert len({first, second, assets.fingerprint([folder])}) == 3
