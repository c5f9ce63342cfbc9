"""The web page; `assistant.web.serve` does the work."""

import sys

from assistant.web.serve import main

if __name__ == "__main__":
    sys.exit(main())
