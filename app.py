"""`streamlit run app.py` works in a checkout; everything is in ipt_roleplay/ui."""

from ipt_roleplay.ui.main import main

main()
