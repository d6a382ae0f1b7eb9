@echo off
rem gofmt.bat - runs the gofmt of this bundle.
rem   gofmt.bat [--portable] [--data-dir DIR] [+1.22] ARGUMENTS FOR GOFMT...
rem goenv.bat does the work. It is not called (CALL would expand % and ^ once more) but takes over.
setlocal EnableExtensions DisableDelayedExpansion
set _args=%*
"%~dp0goenv.bat" --run gofmt %*
