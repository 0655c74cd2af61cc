# Read by ctest before any test runs. What a sanitizer finds ends a program with a code that none of ours has: their own is 1, which is
# a refusal, and a test that expects to be refused would be content.
set(ENV{ASAN_OPTIONS} "exitcode=99:$ENV{ASAN_OPTIONS}")
set(ENV{UBSAN_OPTIONS} "exitcode=99:print_stacktrace=1:$ENV{UBSAN_OPTIONS}")
set(ENV{TSAN_OPTIONS} "exitcode=99:$ENV{TSAN_OPTIONS}")
