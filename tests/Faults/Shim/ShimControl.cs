using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace ChainCrm.Faults.Shim;

/// <summary>
/// Orders faults of disk and clock from a process that was started with the library of faults.c before all others: compiled here, controlled through a
/// file that both map. The layout is struct control of faults.c.
/// </summary>
internal sealed class ShimControl : IDisposable
{
    private const int Bytes = 4_096;
    private const int ClockOffset = 0, RoomAt = 8, FlushErrors = 16, FlushFirst = 20, SlowFlushes = 24, SlowMs = 28, FailedAt = 32, SlowedAt = 36, RefusedAt = 40;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _memory;
    private readonly string _library;
    private readonly string _control;

    /// <param name="folder">Where library, control and log are put; outside the folder whose files are touched.</param>
    /// <param name="below">The folder whose files are touched.</param>
    /// <param name="keepsLog">Whether writes are kept, for a power cut.</param>
    public ShimControl(string folder, string below, bool keepsLog)
    {
        Directory.CreateDirectory(folder);
        (_library, _control) = (Path.Combine(folder, "faults.so"), Path.Combine(folder, "control"));
        Compile(_library);
        File.WriteAllBytes(_control, new byte[Bytes]);
        // A PostgreSQL server runs as another user than the one who orders its faults.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_control, (UnixFileMode)0b110_110_110);
        _file = MemoryMappedFile.CreateFromFile(_control, FileMode.Open, null, Bytes);
        _memory = _file.CreateViewAccessor();
        Log = keepsLog ? Path.Combine(folder, "writes") : null;
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["LD_PRELOAD"] = _library, ["FAULTS_CONTROL"] = _control, ["FAULTS_FOLDER"] = below };
        if (Log is not null) Environment["FAULTS_LOG"] = Log;
        Heal();
    }

    /// <summary>Why there are no such faults here, or null.</summary>
    public static string? WhyMissing { get; } = !OperatingSystem.IsLinux() ? "faults of the disk are made on Linux alone"
        : FindCompiler() is null ? "there is no C compiler (Debian: apt-get install gcc libc6-dev)" : null;

    /// <summary>What the process is started with.</summary>
    public Dictionary<string, string> Environment { get; }

    /// <summary>The file of writes and flushes; null when none are kept.</summary>
    public string? Log { get; }

    public int FlushesFailed => _memory.ReadInt32(FailedAt);

    public int FlushesSlowed => _memory.ReadInt32(SlowedAt);

    public int WritesRefused => _memory.ReadInt32(RefusedAt);

    /// <summary>So many flushes fail from now on; they flush before they say so, or not at all.</summary>
    public void FailFlushes(int count, bool flushFirst)
    {
        _memory.Write(FlushFirst, flushFirst ? 1 : 0);
        _memory.Write(FlushErrors, count);
    }

    /// <summary>So many flushes take so much longer from now on.</summary>
    public void SlowFlushesBy(int count, int milliseconds)
    {
        _memory.Write(SlowMs, milliseconds);
        _memory.Write(SlowFlushes, count);
    }

    /// <summary>The disk takes so many bytes more.</summary>
    public void LeaveRoom(long bytes) => _memory.Write(RoomAt, bytes);

    /// <summary>The time of day is off by so much.</summary>
    public void MoveClock(TimeSpan by) => _memory.Write(ClockOffset, (long)by.TotalMilliseconds * 1_000_000);

    /// <summary>No fault any more; the clock stays where it is.</summary>
    public void Heal()
    {
        _memory.Write(FlushErrors, 0);
        _memory.Write(SlowFlushes, 0);
        _memory.Write(RoomAt, -1L);
    }

    public void Dispose()
    {
        _memory.Dispose();
        _file.Dispose();
    }

    private static void Compile(string library)
    {
        using var compiler = Process.Start(new ProcessStartInfo(FindCompiler()!, ["-shared", "-fPIC", "-O2", "-o", library, Path.Combine(AppContext.BaseDirectory, "Shim", "faults.c"), "-ldl", "-lpthread"])
        {
            RedirectStandardError = true,
        })!;
        var said = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        if (compiler.ExitCode != 0) throw new InvalidOperationException($"faults.c can't be compiled: {said}");
    }

    private static string? FindCompiler() =>
        ((string[])["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"]).FirstOrDefault(File.Exists);
}
