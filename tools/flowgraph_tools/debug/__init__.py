"""The live page: a server on this machine, the runs that it steers, and what it tells about them."""
