"""What is handed from function to function cannot be changed on the way."""

import dataclasses
import importlib
import inspect

from pipeline.ground import source


def test_every_dataclass_is_frozen():
    modules = [importlib.import_module(name) for package in ("adam", "sdtm") for name in source.modules(package)]
    kinds = [kind for module in modules for _, kind in inspect.getmembers(module, inspect.isclass)]
    dataclass_kinds = filter(dataclasses.is_dataclass, kinds)
    thawed = {kind.__name__ for kind in dataclass_kinds if not kind.__dataclass_params__.frozen}
    assert thawed == set()
