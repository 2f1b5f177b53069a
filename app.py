"""`streamlit run app.py` works in a checkout; the pages are in ipt_roleplay/ui, what guards them in ipt_roleplay/serving."""

import streamlit as st

from ipt_roleplay.serving.app import SCRIPT, announced, guards

app = st.App(SCRIPT, middleware=guards(), lifespan=announced)
