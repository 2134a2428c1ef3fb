"""`python -m askfirst` is the same as `askfirst`."""

from askfirst.cli.main import main

if __name__ == "__main__":
    main()
