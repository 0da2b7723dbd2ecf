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
if "%~1"=="--dry-run" (set "ACTION=dry-run" & shift & goto next)
if "%~1"=="--status" (set "ACTION=status" & shift & goto next)
if "%~1"=="--logs" (set "ACTION=logs" & shift & goto next)
if "%~1"=="--rollback" (set "ACTION=rollback" & shift & goto next)
if "%~1"=="--uninstall" (set "ACTION=uninstall" & shift & goto next)
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

:checks
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
if "%HOST:~0,1%"=="-" (echo error: --host: expected a name or an address & exit /b 2)
if "%LOGIN:~0,1%"=="-" (echo error: --user: expected a login name & exit /b 2)
for /f "delims=0123456789" %%c in ("%PORT%") do (echo error: --port: expected a number, got %PORT% & exit /b 2)
for /f "delims=0123456789" %%c in ("%WITHIN%") do (echo error: --within: expected seconds, got %WITHIN% & exit /b 2)
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
set "RELEASE=%WORK%\release.tar.gz"
cmd /c tar --options "gzip:!timestamp" -czf "%RELEASE%" --exclude=node_modules --exclude=./.git --exclude=dist --exclude=.turbo --exclude=./.cache --exclude=./.release --exclude=./logs --exclude=./.env --exclude=coverage -C "%HERE%.." .
if errorlevel 1 (echo error: the sources cannot be packed & call :tidy & exit /b 3)
:packed
set "SHA256="
for /f "skip=1 delims=" %%h in ('certutil -hashfile "%RELEASE%" SHA256') do if not defined SHA256 set "SHA256=%%h"
if not defined SHA256 (echo error: certutil gave no checksum of %RELEASE% & call :tidy & exit /b 3)
set "SHA256=%SHA256: =%"
set "ID=%SHA256:~0,12%"
echo Release %ID%
if "%ACTION%"=="dry-run" (echo Dry run: nothing was changed. & call :tidy & exit /b 0)

echo Uploading ...
cmd /c scp %OPTIONS% -q -P %PORT% "%RELEASE%" "%LOGIN%@%HOST%:sentinel-%ID%.tar.gz"
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
