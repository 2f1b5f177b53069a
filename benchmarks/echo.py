"""The yardstick of a page: Streamlit's chat as its manual has it, saying back what was said. Run by `pages.py`, not imported."""

from __future__ import annotations

import streamlit as st

said = st.session_state.setdefault("said", [])
for who, words in said:
    with st.chat_message(who):
        st.write(words)
if given := st.chat_input("Your words"):
    for who in ("user", "assistant"):
        said.append((who, given))
        with st.chat_message(who):
            st.write(given)
