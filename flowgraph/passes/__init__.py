"""The compiler: pure passes from frozen records to frozen records."""
