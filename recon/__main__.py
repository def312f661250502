"""`python -m recon`: the same as the command `recon`."""

from recon.cli import main

if __name__ == "__main__":
    main()
