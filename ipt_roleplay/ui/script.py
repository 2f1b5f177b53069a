"""What Streamlit runs for `ipt-roleplay app`, also from an installed wheel."""

from ipt_roleplay.ui.main import main

main()
