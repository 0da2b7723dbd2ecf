@echo off
rem Deploys Sentinel to a server over ssh, from Windows: only its OpenSSH client, tar and certutil are used.
rem What is done there stands in far-side.sh, shared with the .sh. Run with --help for the options.
setlocal EnableExtensions DisableDelayedExpansion
set "HERE=%~dp0"
set "HOST=%SENTINEL_HOST%"
set "PORT=%SENTINEL_SSH_PORT%"
set "LOGIN=%SENTINEL_SSH_USER%"
set "KEY=%SENTINEL_SSH_KEY%"
set "MODE=%SENTINEL_MODE%"
set "ENVFILE=%SENTINEL_ENV_FILE%"
set "RELEASE="
set "ACTION=deploy"
set "DATA=keep"
set "WITHIN=180"
set "ROOT="
set "WORK="

:next
if "%~1"=="" goto checks
if "%~1"=="--help" goto usage
if "%~1"=="-h" goto usage
if "%~1"=="--dry-run" goto task
if "%~1"=="--status" goto task
if "%~1"=="--logs" goto task
if "%~1"=="--rollback" goto task
if "%~1"=="--uninstall" goto task
if "%~1"=="--delete-data" (set "DATA=delete" & shift & goto next)
set "NAME="
if "%~1"=="--host" set "NAME=HOST"
if "%~1"=="--port" set "NAME=PORT"
if "%~1"=="--user" set "NAME=LOGIN"
if "%~1"=="--key" set "NAME=KEY"
if "%~1"=="--mode" set "NAME=MODE"
if "%~1"=="--env-file" set "NAME=ENVFILE"
if "%~1"=="--release" set "NAME=RELEASE"
if "%~1"=="--within" set "NAME=WITHIN"
if not defined NAME (echo error: not understood: %~1 & exit /b 2)
if "%~2"=="" (echo error: %~1 needs a value & exit /b 2)
set "%NAME%=%~2"
shift
shift
goto next

:task
set "TASK=%~1"
set "TASK=%TASK:~2%"
if "%ACTION%"=="deploy" set "ACTION=%TASK%"
rem The last one would win: --dry-run --uninstall would uninstall.
if not "%ACTION%"=="%TASK%" (echo error: --%ACTION% and --%TASK% are two things: give one of them & exit /b 2)
shift
goto next

:checks
if "%DATA%"=="delete" if not "%ACTION%"=="uninstall" (echo error: --delete-data belongs to --uninstall: give both, or neither & exit /b 2)
if defined HOST goto asked
call :ask HOST "Server"
if not defined HOST goto asked
if not defined PORT call :ask PORT "Port of its ssh (22)"
if not defined LOGIN call :ask LOGIN "Log in as (root)"
if not defined KEY call :ask KEY "Private key (ssh's own choice)"
if "%ACTION%"=="status" goto asked
if "%ACTION%"=="logs" goto asked
if "%ACTION%"=="rollback" goto asked
if "%ACTION%"=="uninstall" goto asked
if not defined MODE call :ask MODE "Mode, docker or systemd (docker)"
if not defined ENVFILE call :ask ENVFILE "Settings for its first deployment (none)"
:asked
if not defined PORT set "PORT=22"
if not defined LOGIN set "LOGIN=root"
if not defined MODE set "MODE=docker"
if not defined HOST (echo error: no server: give --host, or set SENTINEL_HOST & exit /b 2)
call :check_words
if errorlevel 1 exit /b 2
rem scp takes a colon for the end of the host, unless the address stands in brackets.
set "SCPHOST=%HOST%"
if not "%HOST::=%"=="%HOST%" set "SCPHOST=[%HOST%]"
if "%MODE%"=="docker" goto mode_ok
if "%MODE%"=="systemd" goto mode_ok
echo error: --mode: expected docker or systemd, got %MODE%
exit /b 2
:mode_ok
if defined KEY if not exist "%KEY%" (echo error: --key: %KEY% cannot be read & exit /b 3)
if defined ENVFILE if not exist "%ENVFILE%" (echo error: --env-file: %ENVFILE% cannot be read & exit /b 3)
if defined RELEASE if not exist "%RELEASE%" (echo error: --release: %RELEASE% cannot be read & exit /b 3)

rem `cmd /c`, so that a tool that is a batch file itself comes back here, with its exit code.
rem BatchMode: keys only, no password is asked for. An unknown or changed host key ends it.
set "OPTIONS=-o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=15 -o ServerAliveInterval=5 -o ServerAliveCountMax=3"
if defined KEY set OPTIONS=%OPTIONS% -i "%KEY%" -o IdentitiesOnly=yes
if not "%LOGIN%"=="root" set "ROOT=sudo -n "
set "ENVGIVEN=no"
if defined ENVFILE set "ENVGIVEN=yes"

if "%ACTION%"=="status" goto simple
if "%ACTION%"=="logs" goto simple
if "%ACTION%"=="rollback" goto simple
if "%ACTION%"=="uninstall" goto uninstall

echo Checking %HOST% ...
cmd /c ssh %OPTIONS% -p %PORT% -l %LOGIN% %HOST% "sh -s -- check mode=%MODE% env=%ENVGIVEN%" <"%HERE%far-side.sh"
if errorlevel 1 goto far_failed

if defined RELEASE goto packed
echo Packing the sources ...
set "WORK=%TEMP%\sentinel-%RANDOM%%RANDOM%"
mkdir "%WORK%"
call :pack
if errorlevel 1 (call :tidy & exit /b 3)
:packed
set "SHA256="
for /f "skip=1 delims=" %%h in ('certutil -hashfile "%RELEASE%" SHA256') do if not defined SHA256 set "SHA256=%%h"
if not defined SHA256 (echo error: certutil gave no checksum of %RELEASE% & call :tidy & exit /b 3)
set "SHA256=%SHA256: =%"
set "ID=%SHA256:~0,12%"
echo Release %ID%
if "%ACTION%"=="dry-run" (echo Dry run: nothing was changed. & call :tidy & exit /b 0)

echo Uploading ...
cmd /c scp %OPTIONS% -q -P %PORT% "%RELEASE%" "%LOGIN%@%SCPHOST%:sentinel-%ID%.tar.gz"
if errorlevel 1 goto broke_off
if not defined ENVFILE goto sent
rem Through a pipe, so that nobody else on the server can read it for a moment.
cmd /c ssh %OPTIONS% -p %PORT% -l %LOGIN% %HOST% "umask 077 && cat >sentinel.env" <"%ENVFILE%"
if errorlevel 1 goto broke_off
:sent
call :tidy
cmd /c ssh %OPTIONS% -p %PORT% -l %LOGIN% %HOST% "%ROOT%sh -s -- deploy mode=%MODE% id=%ID% sha256=%SHA256% within=%WITHIN% home=$HOME" <"%HERE%far-side.sh"
if errorlevel 255 (echo error: the connection was cut. The server finishes or goes back by itself: look with --status & exit /b 255)
exit /b %ERRORLEVEL%

:simple
cmd /c ssh %OPTIONS% -p %PORT% -l %LOGIN% %HOST% "%ROOT%sh -s -- %ACTION% within=%WITHIN%" <"%HERE%far-side.sh"
if errorlevel 1 goto far_failed
exit /b 0

:uninstall
cmd /c ssh %OPTIONS% -p %PORT% -l %LOGIN% %HOST% "%ROOT%sh -s -- uninstall data=%DATA%" <"%HERE%far-side.sh"
if errorlevel 1 goto far_failed
exit /b 0

:far_failed
set "CODE=%ERRORLEVEL%"
if not "%CODE%"=="255" exit /b %CODE%
echo error: no connection to %LOGIN%@%HOST%, port %PORT%. Is the key right? If the host key is not known yet,
echo connect once by hand (ssh -p %PORT% %LOGIN%@%HOST%) and compare the fingerprint with the one that Contabo's
echo VNC console shows; if it has changed, find out why before anything else.
exit /b 255

:broke_off
echo error: the upload broke off: nothing was changed on %HOST%. Run the command again
call :tidy
exit /b 5

rem What git tracks, and nothing else: what lies about in this folder (.env.bak, a key) is in no release.
:pack
set "RELEASE=%WORK%\release.tar.gz"
cmd /c git -C "%HERE%.." -c core.quotePath=false ls-files >"%WORK%\list"
if errorlevel 1 (echo error: the sources cannot be packed: they are no clone made by git, or git is not installed. Give --release & exit /b 3)
call :is_empty "%WORK%\list"
if not errorlevel 1 (echo error: the sources cannot be packed: git tracks nothing here. Give --release & exit /b 3)
rem .gitignore names what is secret.
cmd /c git -C "%HERE%.." -c core.quotePath=false -c core.ignoreCase=true ls-files -ci --exclude-from=.gitignore >"%WORK%\found"
if errorlevel 1 (echo error: the sources cannot be packed & exit /b 3)
call :is_empty "%WORK%\found"
if errorlevel 1 (echo error: these may hold secrets and are never released: git rm --cached them & type "%WORK%\found" & exit /b 3)
rem A link and a submodule lead to what git does not name here.
cmd /c git -C "%HERE%.." -c core.quotePath=false ls-files -s >"%WORK%\modes"
if errorlevel 1 (echo error: the sources cannot be packed & exit /b 3)
findstr /v /b 100 "%WORK%\modes" >"%WORK%\found"
call :is_empty "%WORK%\found"
if errorlevel 1 (echo error: only plain files are released, and these are links or submodules: git rm --cached them & type "%WORK%\found" & exit /b 3)
rem Also a file that became a folder or a link, and one in a folder that became a link.
cmd /c git -C "%HERE%.." -c core.quotePath=false diff-files --relative --name-only --diff-filter=DT >"%WORK%\found"
if errorlevel 1 (echo error: the sources cannot be packed & exit /b 3)
call :is_empty "%WORK%\found"
if errorlevel 1 (echo error: git tracks what is not here as a plain file: restore it, or git rm it & type "%WORK%\found" & exit /b 3)
cmd /c tar --options "gzip:!timestamp" -czf "%RELEASE%" -C "%HERE%.." --no-recursion -T "%WORK%\list"
if errorlevel 1 (echo error: the sources cannot be packed & exit /b 3)
exit /b 0

:is_empty
if %~z1==0 exit /b 0
exit /b 1

rem Each word that becomes a part of a command is checked first. Without its quotes nothing in it means anything to cmd.
rem for /f strips the delims before it looks for eol, so that with a delim as eol no character begins a comment.
:check_words
set "HOST=%HOST:"=%"
set "LOGIN=%LOGIN:"=%"
set "PORT=%PORT:"=%"
set "WITHIN=%WITHIN:"=%"
set "LETTERS=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
set "SHOWN=%HOST%"
if "%HOST:~0,1%%HOST:~-1%"=="[]" set "HOST=%HOST:~1,-1%"
set "BAD="
if not defined HOST set "HOST=-"
if "%HOST:~0,1%"=="-" set "BAD=1"
if "%HOST::=%"=="%HOST%" goto name
rem A single colon is that of a port.
set "REST=%HOST:*:=%"
if not defined REST set "REST=-"
if "%REST::=%"=="%REST%" set "BAD=1"
for /f "eol=a delims=abcdefABCDEF0123456789.:" %%c in ("%HOST%") do if not "%%c"=="" set "BAD=1"
goto named
:name
for /f "eol=a delims=%LETTERS%" %%c in ("%HOST%") do if not "%%c"=="" set "BAD=1"
:named
if defined BAD (echo error: --host: expected a name or an address, got "%SHOWN%" & exit /b 1)
if "%LOGIN:~0,1%"=="-" set "BAD=1"
for /f "eol=a delims=%LETTERS%" %%c in ("%LOGIN%") do if not "%%c"=="" set "BAD=1"
if defined BAD (echo error: --user: expected a login name, got "%LOGIN%" & exit /b 1)
call :whole_number PORT 65535
if errorlevel 1 (echo error: --port: expected a number from 1 to 65535, got "%PORT%" & exit /b 1)
call :whole_number WITHIN 86400
if errorlevel 1 (echo error: --within: expected seconds, 1 to 86400, got "%WITHIN%" & exit /b 1)
exit /b 0

rem The variable %1 is a number from 1 to %2: in decimal, whatever zeros it begins with.
:whole_number
call set "NUMBER=%%%1%%"
set "BAD="
for /f "eol=0 delims=0123456789" %%c in ("%NUMBER%") do if not "%%c"=="" set "BAD=1"
if defined BAD exit /b 1
:no_zero
if "%NUMBER:~1%"=="" goto plain
if not "%NUMBER:~0,1%"=="0" goto plain
set "NUMBER=%NUMBER:~1%"
goto no_zero
:plain
if not "%NUMBER:~5%"=="" exit /b 1
if %NUMBER% LSS 1 exit /b 1
if %NUMBER% GTR %2 exit /b 1
set "%1=%NUMBER%"
exit /b 0

:tidy
if defined WORK if exist "%WORK%" rmdir /s /q "%WORK%"
exit /b 0

rem Sets the variable %1 to what is answered, and leaves it alone for Enter. A file dragged here comes in quotes.
:ask
set "ANSWER="
set /p "ANSWER=%~2: "
if not defined ANSWER exit /b 0
set "ANSWER=%ANSWER:"=%"
if not "%ANSWER%"=="" set "%~1=%ANSWER%"
exit /b 0

:usage
echo usage: deploy_to_contabo.bat [options]
echo Without --host it asks for what is not given.
echo   --host HOST, --port PORT, --user USER, --key FILE     the server, and how to log in
echo   --mode docker or systemd       --env-file FILE          --release FILE     --within SECONDS
echo   --dry-run  --status  --logs  --rollback  --uninstall [--delete-data]
echo Environment: SENTINEL_HOST, SENTINEL_SSH_PORT, SENTINEL_SSH_USER, SENTINEL_SSH_KEY, SENTINEL_MODE, SENTINEL_ENV_FILE
echo Exit codes: 0 done, 2 usage, 3 missing here, 4 server not fit, 5 upload failed, 6 rolled back, 7 not rolled back, 8 busy, 255 no connection
exit /b 0
