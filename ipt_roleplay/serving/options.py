"""The settings that Streamlit always runs with here."""

from __future__ import annotations

SAFE_OPTIONS: dict[str, str | bool | int] = {
    "server.address": "127.0.0.1",
    "server.headless": True,
    "server.maxUploadSize": 20,
    "server.fileWatcherType": "none",
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "browser.gatherUsageStats": False,
    "logger.hideWelcomeMessage": True,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "minimal",
    "client.showSidebarNavigation": False,
    "theme.font": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
    "theme.headingFont": "Georgia, 'Noto Serif', serif",
    "theme.baseRadius": "0.75rem",
    "theme.light.primaryColor": "#1f6f68",
    "theme.light.backgroundColor": "#faf8f4",
    "theme.light.secondaryBackgroundColor": "#f0ece4",
    "theme.light.textColor": "#23211d",
    "theme.light.linkColor": "#17574f",
    "theme.light.borderColor": "#d8d1c4",
    "theme.dark.primaryColor": "#2f7d75",
    "theme.dark.backgroundColor": "#171a1b",
    "theme.dark.secondaryBackgroundColor": "#22272a",
    "theme.dark.textColor": "#ece8e0",
    "theme.dark.linkColor": "#8fd3c9",
    "theme.dark.borderColor": "#3b4347",
}
"""The same as `.streamlit/config.toml`."""
