@echo off
rem Said instead of half working: whose process a bot is, the monitor knows from Linux and macOS only.
echo sentinel: not tested on Windows itself. Use WSL ^(wsl --install^), and in it: ./sentinel %* 1>&2
exit /b 1
