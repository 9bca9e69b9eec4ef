"""`[tool.ssot-lint]` in pyproject.toml, or ssot-lint.toml -> Settings."""

from ssot_lint.settings.index import SettingsIndex, default_settings, find_config, load, project_root
from ssot_lint.settings.options import Override, RuleOptions, StaleBaseline
from ssot_lint.settings.values import FileIgnores, Settings, Source, check_rule_names, relative_path, render

__all__ = [
    "FileIgnores",
    "Override",
    "RuleOptions",
    "Settings",
    "SettingsIndex",
    "Source",
    "StaleBaseline",
    "check_rule_names",
    "default_settings",
    "find_config",
    "load",
    "project_root",
    "relative_path",
    "render",
]
