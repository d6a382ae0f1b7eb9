# goenv.ps1 - binds the calling PowerShell (5.1 or newer, on Windows) to the Go of this bundle.
#   . E:\goenv.ps1 [-Portable] [-DataDir DIR] [1.22]
# 1.22, or else GOPACK_GO, names a tree as for use.bat; without one the current tree is bound.
# -Portable reads config.ini beside this file; -DataDir puts everything writable into DIR.
# Where scripts may not run: powershell -ExecutionPolicy Bypass
# Pointer and settings are read as data: nothing in them is ever run.
param([Parameter(Position = 0)][string]$Version, [switch]$Portable, [string]$DataDir)

# A block of its own, so that nothing but the environment changes in the caller.
& {
    param([string]$bundle, [bool]$portable, [string]$dataDir, [string]$word)
    $ErrorActionPreference = 'Stop'
    Set-StrictMode -Version 2

    function Stop-Binding([string]$message) { throw "gopack: $message" }

    function Test-Tree([string]$name) {
        ($name -cmatch '\Av_[0-9a-f]{16}\z') -and [IO.Directory]::Exists("$bundle\$name")
    }

    # The newest switch on record that leads to, or else from, a tree that is there.
    function Get-LastTree([string]$problem) {
        $history = "$bundle\.gopack\history"
        $last = ''
        if ([IO.File]::Exists($history)) {
            foreach ($line in [IO.File]::ReadAllLines($history)) {
                $names = $line.Split(' ')
                foreach ($name in $names) { if (Test-Tree $name) { $last = $name } }
            }
        }
        if (-not $last) { Stop-Binding "@choose_one|$problem|use.bat@" }
        [Console]::Error.WriteLine("gopack: @fell_back|${problem}|$last|use.bat@")
        $last
    }

    # The name of the current tree: the directory link current, the one line of current.txt, or else the directory current.
    function Get-Tree {
        $file = "$bundle\current.txt"
        if ([IO.File]::Exists("$bundle\current\VERSION")) {
            $isLink = [IO.File]::GetAttributes("$bundle\current").HasFlag([IO.FileAttributes]::ReparsePoint)
            if ($isLink -or -not [IO.File]::Exists($file)) { return 'current' }
        }
        if (-not [IO.File]::Exists($file)) { Stop-Binding "@no_pointer|${bundle}|use.bat@" }
        $name = [IO.File]::ReadAllText($file) -replace '\r?\n\z', ''
        if (Test-Tree $name) { return $name }
        if ($name -cmatch '\Av_[0-9a-f]{16}\z') { return Get-LastTree "@lost_tree|$file|$name@" }
        Get-LastTree "@no_name|$file@"
    }

    # What a manifest says of its tree in front of its list of files, and the release of VERSION.
    function Get-Facts([string]$name) {
        $text = [IO.File]::ReadAllText("$bundle\$name.json")
        $end = $text.IndexOf('"origins"', [StringComparison]::Ordinal)
        if ($end -ge 0) { $text = $text.Substring(0, $end) }
        $facts = @{ name = $name; release = ''; profile = ''; targets = @(); platforms = @() }
        if ([IO.File]::Exists("$bundle\$name\VERSION")) {
            $facts.release = ([IO.File]::ReadAllText("$bundle\$name\VERSION") -split '\s')[0]
        }
        if ($text -cmatch '"profile": "([^"]*)"') { $facts.profile = $Matches[1] }
        $facts.stripped = $text -cmatch '"stripped": true'
        if ($text -cmatch '"targets": \[([^\]]*)\]') { $facts.targets = @($Matches[1] -split '[\s",]+' -ne '') }
        if ([IO.Directory]::Exists("$bundle\$name\pkg\tool")) {
            $facts.platforms = @([IO.Directory]::GetDirectories("$bundle\$name\pkg\tool", '*_*') | ForEach-Object { [IO.Path]::GetFileName($_) })
        }
        $facts
    }

    # Whether the first has all that the second has, and programs for more platforms.
    function Test-Wider($wider, $narrower) {
        if ($wider.release -cne $narrower.release -or $wider.profile -cne $narrower.profile) { return $false }
        if ($wider.stripped -ne $narrower.stripped -or $wider.platforms.Count -le $narrower.platforms.Count) { return $false }
        foreach ($platform in $narrower.platforms) { if ($wider.platforms -cnotcontains $platform) { return $false } }
        if (-not $wider.targets.Count) { return $true }
        if (-not $narrower.targets.Count) { return $false }
        foreach ($target in $narrower.targets) { if ($wider.targets -cnotcontains $target) { return $false } }
        $true
    }

    # 0 for the tree or the release that is named, the patch for one of the minor that is named, or else -1.
    function Get-Patch($facts, [string]$word) {
        $release, $platform = $word.Split([char[]]'/', 2)
        $release, $profileName = $release.Split([char[]]'+', 2)
        $release = 'go' + ($release -creplace '\Ago', '')
        if ($platform -and $facts.platforms -cnotcontains ($platform -replace '[/-]', '_')) { return -1 }
        if ($profileName -and $facts.profile -cne $profileName) { return -1 }
        if ($facts.name.StartsWith($word, [StringComparison]::Ordinal) -or $facts.release -ceq $release) { return 0 }
        if ($facts.release -cmatch ('\A' + [regex]::Escape($release) + '\.([0-9]{1,9})\z')) { return [int]$Matches[1] }
        -1
    }

    # The name of the tree that the word means: a release, the newest patch of a minor, or a tree by its name.
    function Find-Tree([string]$word) {
        if ($word -cmatch '\A[^/]*\+(/|\z)') { Stop-Binding "@no_profile|$word@" }
        $found = @()
        $best = -1
        foreach ($path in [IO.Directory]::GetDirectories($bundle, 'v_*') | Sort-Object) {
            $name = [IO.Path]::GetFileName($path)
            if (-not (Test-Tree $name) -or -not [IO.File]::Exists("$path.json")) { continue }
            $facts = Get-Facts $name
            $patch = Get-Patch $facts $word
            if ($patch -lt 0 -or $patch -lt $best) { continue }
            if ($patch -gt $best) { $found = @() }
            $best = $patch
            $found += $facts
        }
        if (-not $word.StartsWith('v_', [StringComparison]::Ordinal)) {
            $all = $found
            $found = @($all | Where-Object { $tree = $_; -not ($all | Where-Object { Test-Wider $_ $tree }) })
        }
        if ($found.Count -eq 1) { return $found[0].name }
        if (-not $found.Count) { Stop-Binding "@no_such_tree|$word|use.bat@" }
        $names = ($found | ForEach-Object { $_.name }) -join ' '
        Stop-Binding "@several_trees|$word|${names}@"
    }

    # config.ini: key=value lines -> data_dir, stage and variables.
    function Get-Settings {
        $settings = @{ data_dir = ''; stage = ''; variables = @{} }
        $file = "$bundle\config.ini"
        if (-not $portable) { return $settings }
        if (-not [IO.File]::Exists($file)) { Stop-Binding "@no_settings|-Portable|$file@" }
        $number = 0
        foreach ($line in [IO.File]::ReadAllLines($file)) {
            $number++
            $line = $line.Trim()
            if (-not $line -or $line[0] -eq '#' -or $line[0] -eq ';') { continue }
            $key, $value = $line.Split([char[]]'=', 2)
            if ($null -eq $value) { Stop-Binding "$file, line ${number}: not of the form key=value: $line" }
            $key = $key.Trim()
            $value = $value.Trim() -replace '\A"(.*)"\z', '$1'
            if ($key -ceq 'data_dir') { $settings.data_dir = $value }
            elseif ($key -ceq 'stage') {
                if (@('', @stage@) -cnotcontains $value) { Stop-Binding "$file, line ${number}: @wrong_stage|$value@" }
                $settings.stage = $value
            }
            elseif ($key -ceq 'choose_by_project') { # for go.exe: a shell is bound to what is current
                if (@('', @choose_by_project@) -cnotcontains $value) { Stop-Binding "$file, line ${number}: @wrong_choice|$value@" }
            }
            else {
                $variable = switch -CaseSensitive ($key) {
                    #@ settings
                    default { if ($key -cmatch '\Aenv\.[A-Za-z_][A-Za-z0-9_]*\z') { $key.Substring(4) } else { '' } }
                }
                if (-not $variable) { Stop-Binding "$file, line ${number}: @unknown_setting|$key@" }
                if ($value) { $settings.variables[$variable] = $value }
            }
        }
        $settings
    }

    # The platform whose programs run here: the machine's own, or one that it runs as well.
    function Get-PlatformName([string]$root) {
        $processor = $env:PROCESSOR_ARCHITECTURE
        if ($env:PROCESSOR_ARCHITEW6432) { $processor = $env:PROCESSOR_ARCHITEW6432 }
        $own = switch ($processor) {
            #@ architectures
            default { $processor }
        }
        $others = switch ($own) {
            #@ runs
        }
        foreach ($name in @($own) + @($others)) {
            if ($name -and [IO.Directory]::Exists("$root\pkg\tool\windows_$name")) { return "windows_$name" }
        }
        $has = foreach ($path in [IO.Directory]::GetDirectories("$root\pkg\tool", '*_*')) { ' ' + [IO.Path]::GetFileName($path) }
        Stop-Binding "@no_platform|$root|windows_$own|$(-join $has)@"
    }

    # Everything that is written goes below the data directory; what is missing there is made.
    function Initialize-Data([string]$data) {
        if ($data.Contains(';')) { Stop-Binding "@separator|;|$data@" }
        try {
            [void][IO.Directory]::CreateDirectory("$data\gopath")
            [void][IO.Directory]::CreateDirectory("$data\telemetry")
            if (-not [IO.File]::Exists("$data\telemetry\mode")) { [IO.File]::WriteAllText("$data\telemetry\mode", 'off') }
            $probe = "$data\gopath\gopack.$PID"
            [IO.File]::WriteAllText($probe, '')
            [IO.File]::Delete($probe)
        }
        catch { Stop-Binding "@not_writable|${data}|-DataDir@" }
        $preset = "$bundle\shared\gopath\go.env"
        if (-not [IO.File]::Exists("$data\gopath\go.env") -and [IO.File]::Exists($preset)) {
            [IO.File]::Copy($preset, "$data\gopath\go.env")
        }
        # What `go env -w` has written into the copy that a bound session has, go.exe carries over.
        if ([IO.File]::Exists("$data\gopath\go.env.here") -and [IO.File]::Exists("$bundle\go.exe")) {
            & "$bundle\go.exe" @same --data-dir "$data\." env GOENV | Out-Null
        }
        Repair-GoEnv "$data\gopath\go.env"
    }

    # What editors of Windows add to go.env, Go takes for parts of names and values.
    function Repair-GoEnv([string]$file) {
        if (-not [IO.File]::Exists($file)) { return }
        $latin = [Text.Encoding]::GetEncoding(28591) # each byte is a character
        $text = $latin.GetString([IO.File]::ReadAllBytes($file))
        if ($text -match '\A(\xFF\xFE|\xFE\xFF)') { Stop-Binding "@utf16|$file@" }
        $mended = $text -replace '\A\xEF\xBB\xBF', '' -replace '\r+(?=\n|\z)', ''
        if ($mended.Length -eq $text.Length) { return }
        try {
            [IO.File]::WriteAllBytes("$file.$PID", $latin.GetBytes($mended))
            [IO.File]::Replace("$file.$PID", $file, [NullString]::Value)
        }
        catch { Stop-Binding "@not_mended|$file@" }
        [Console]::Error.WriteLine("gopack: @mended|$file@")
    }

    # Whether another data directory lacks modules that the bundle has.
    function Test-Modules([string]$data) {
        $base = "$bundle\shared\gopath\pkg\mod\cache"
        $seeded = "$data\gopath\pkg\mod\cache\gopack-base"
        if (-not [IO.Directory]::Exists("$base\download")) { return $false }
        $filled = '-'
        if ([IO.File]::Exists("$base\gopack-modules")) { $filled = [IO.File]::ReadAllText("$base\gopack-modules").Trim() }
        -not ([IO.File]::Exists($seeded) -and [IO.File]::ReadAllText($seeded).Trim() -ceq $filled)
    }

    # What the caller has asked for by the environment and does not get.
    function Show-Ignored([string]$version, [string]$toolchain, [bool]$hasCgo) {
        $asked = "$env:GOTOOLCHAIN"
        $release = "$([IO.File]::ReadAllText($version))".Split([char[]]" `r`n")[0]
        $met = @('', @any_toolchain@, $toolchain, $release, "$release+auto", "$release+path")
        if ($met -cnotcontains $asked) {
            [Console]::Error.WriteLine("gopack: @other_release|$asked|$release|use.bat|config.ini@")
        }
        if (-not $hasCgo -and $env:CGO_ENABLED -ceq '1') {
            [Console]::Error.WriteLine('gopack: @no_cgo@')
        }
    }

    # Why the program of a command line cannot be started: its first word, as Go splits it.
    function Get-Fault([string]$line, [string]$path) {
        $word = '"(?<w>[^"]*)"|''(?<w>[^'']*)''|(?>(?<w>[^ \t\r"''][^ \t\r]*))'
        $split = [regex]::Match($line, "\A[ \t\r]*(?:(?:$word)[ \t\r]*)*\z")
        if (-not $split.Success) { return '@open_quote@' }
        $words = $split.Groups['w'].Captures
        $program = if ($words.Count) { $words[0].Value } else { '' }
        if (-not $program) { return '@names_no_program@' }
        $directories = if ($program -match '[\\/:]') { @('') } else { $path.Split(';') | ForEach-Object { "$_\" } }
        foreach ($directory in $directories) {
            foreach ($end in '', '.exe', '.cmd', '.bat') { if ([IO.File]::Exists("$directory$program$end")) { return '' } }
        }
        "@lacks_program|$program@"
    }

    # A build cache's program that cannot be started would end every build: the settings of the bundle do without it.
    function Skip-CacheProgram([hashtable]$values, [string]$path) {
        if ($values.ContainsKey('GOCACHEPROG')) {
            $fault = Get-Fault $values['GOCACHEPROG'] $path
            if (-not $fault) { return }
            [Console]::Error.WriteLine("gopack: @left_out|env.GOCACHEPROG|$fault@")
            $values.Remove('GOCACHEPROG')
        }
        $file = $values['GOENV']
        if ($env:GOCACHEPROG -or -not [IO.File]::Exists($file)) { return }
        $own = ''
        $rest = ''
        foreach ($line in [IO.File]::ReadAllLines($file)) {
            if ($line.StartsWith('GOCACHEPROG=', [StringComparison]::Ordinal)) { $own = $line.Substring(12) }
            else { $rest += "$line`n" }
        }
        if (-not $own) { return }
        $fault = Get-Fault $own $path
        if (-not $fault) { return }
        [IO.File]::WriteAllText("$file.here", $rest) # nothing in the environment takes back what go.env says
        [IO.File]::WriteAllText("$file.was", $rest)
        $values['GOENV'] = "$file.here"
        [Console]::Error.WriteLine("gopack: @left_out|GOCACHEPROG of go.env|$fault@")
    }

    # go.exe of the bundle brings modules and a warm cache, keeps that, and copies the tree where that is asked for.
    function Invoke-Launcher([string[]]$options) {
        & "$bundle\go.exe" @same @options version | Out-Null
        if ($LASTEXITCODE -ne 0) { Stop-Binding "$bundle\go.exe has failed" }
    }

    if ($env:OS -cne 'Windows_NT') { Stop-Binding 'this file is for Windows: elsewhere use goenv.sh' }
    $same = @() # go.exe takes also the tree that is named
    if (-not $word) { $word = "$env:GOPACK_GO" }
    $word = $word -replace '\A\+', ''
    if ($word) {
        $tree = Find-Tree $word
        $same = @("+$tree")
    }
    else { $tree = Get-Tree }
    $settings = Get-Settings
    $root = "$bundle\$tree"
    $platform = Get-PlatformName $root
    $named = $true
    if ($dataDir) { $data = [IO.Path]::Combine((Get-Location -PSProvider FileSystem).ProviderPath, $dataDir) }
    elseif ($settings.data_dir) { $data = [IO.Path]::Combine("$bundle\", $settings.data_dir) }
    else { $data = "$bundle\shared"; $named = $false }
    $data = [IO.Path]::GetFullPath($data).TrimEnd('\')
    Initialize-Data $data

    $launched = $false # go.exe says what is ignored
    if ($settings.stage -ceq 'always') {
        if (-not $named) { Stop-Binding '@must_name_copy|-DataDir@' }
        if ($tree -eq 'current') { Stop-Binding 'stage: always: the pointer is the link current, which only go.exe can follow' }
        Invoke-Launcher '--portable', '--data-dir', "$data\."
        $launched = $true
        $root = "$data\stage\$tree"
    }
    elseif ([IO.File]::Exists("$bundle\go.exe") -and
        ([IO.File]::Exists("$bundle\shared\gopath\cache\gopack-warm") -or ($named -and (Test-Modules $data)))) {
        Invoke-Launcher '--data-dir', "$data\."
        $launched = $true
    }
    $programs = "$root\bin\$platform"
    if (-not [IO.File]::Exists("$programs\go.exe")) { $programs = "$root\bin" }
    if ($programs.Contains(';')) { Stop-Binding "@separator|;|$programs@" }

    $gopath = "$data\gopath"
    $values = @{ GOTOOLCHAIN = 'local' }
    foreach ($name in $settings.variables.Keys) { $values[$name] = $settings.variables[$name] }
    #@ bindings
    # A tree without the cgo tool builds without cgo, whether there is a C compiler or not.
    $hasCgo = [IO.File]::Exists("$root\pkg\tool\$platform\cgo.exe")
    if (-not $hasCgo) { $values['CGO_ENABLED'] = '0' }
    if (-not $launched) { Show-Ignored "$root\VERSION" $values['GOTOOLCHAIN'] $hasCgo }
    $path = "$programs;$gopath\bin"
    $rest = ";$env:PATH;" # where a tree that was bound before makes room
    if ("$env:GOROOT" -cmatch '\\(v_[0-9a-f]{16}|current)\z') {
        foreach ($old in "$env:GOROOT\bin", "$env:GOROOT\bin\$platform") { $rest = $rest.Replace(";$old;$env:GOPATH\bin;", ';') }
    }
    $rest = $rest.Trim(';')
    if ($rest -and -not "$rest;".StartsWith("$path;", [StringComparison]::Ordinal)) { $path = "$path;$rest" }
    elseif ($rest) { $path = $rest }
    $values['PATH'] = $path
    Skip-CacheProgram $values $path
    foreach ($name in $values.Keys) { [Environment]::SetEnvironmentVariable($name, $values[$name], 'Process') }
} $PSScriptRoot.TrimEnd('\') $Portable.IsPresent $DataDir $Version

Remove-Variable -Name Version, Portable, DataDir -ErrorAction SilentlyContinue
