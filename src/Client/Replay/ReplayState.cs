using System.IO.MemoryMappedFiles;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ChainCrm.Client.Replay;

/// <summary>What a state file belongs to; a state of another file, mapping or server is not used.</summary>
internal sealed record ReplayIdentity
{
    public int Format { get; init; } = 1;
    /// <summary>SHA-256 of the file's bytes.</summary>
    public required string File { get; init; }
    /// <summary>SHA-256 of the mapping and the other options that decide what is sent.</summary>
    public required string Options { get; init; }
    /// <summary>Says which journal it was: hash of its first entry.</summary>
    public required string Journal { get; init; }
    public required int Operations { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReplayIdentity))]
internal sealed partial class ReplayStateJson : JsonSerializerContext;

/// <summary>
/// What has become of each operation, kept in a small file so that a stopped replay goes on where it was: one line of JSON that says what
/// it belongs to, then two bytes per operation. Safe for many workers at once, as each writes its own operations only.
/// </summary>
/// <remarks>
/// The file only saves time and keeps the counts of the closing table. Sending everything again would change nothing, because every
/// operation carries its own idempotency key. Mapped into memory, so it survives the death of this process without a flush per batch.
/// </remarks>
internal sealed class ReplayState : IDisposable
{
    /// <summary>Not sent, or sent without an answer.</summary>
    public const ushort Open = 0;
    /// <summary>Recorded. Other values are numbers of refusals, which begin at 100.</summary>
    public const ushort Recorded = 1;

    private const int HeaderBytes = 512;

    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private readonly ushort[] _outcomes;
    private readonly string? _path;

    private ReplayState(ushort[] outcomes, string? path, MemoryMappedFile? file, MemoryMappedViewAccessor? view, int alreadyDone) =>
        (_outcomes, _path, _file, _view, AlreadyDone) = (outcomes, path, file, view, alreadyDone);

    /// <summary>Operations that an earlier run finished.</summary>
    public int AlreadyDone { get; }

    /// <summary>Outcome of an operation.</summary>
    public ushort this[int operation] => _outcomes[operation];

    /// <summary>All outcomes.</summary>
    public ReadOnlySpan<ushort> Outcomes => _outcomes;

    /// <summary>Opens the file when it belongs to the same replay, else begins it anew.</summary>
    /// <param name="path">Where; null keeps nothing on disk.</param>
    /// <param name="identity">What the state must belong to.</param>
    public static ReplayState OpenOrCreate(string? path, ReplayIdentity identity)
    {
        var outcomes = new ushort[identity.Operations];
        if (path is null) return new ReplayState(outcomes, null, null, null, 0);

        var header = Header(identity);
        var isKnown = File.Exists(path) && Belongs(path, header, identity.Operations);
        if (!isKnown)
        {
            using var fresh = new FileStream(path, FileMode.Create, FileAccess.Write);
            fresh.Write(header);
            fresh.SetLength(Length(identity.Operations));
        }

        var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, Length(identity.Operations));
        var view = file.CreateViewAccessor();
        view.ReadArray(HeaderBytes, outcomes, 0, outcomes.Length);
        return new ReplayState(outcomes, path, file, view, outcomes.Count(outcome => outcome != Open));
    }

    /// <summary>Notes what became of an operation.</summary>
    public void Set(int operation, ushort outcome)
    {
        _outcomes[operation] = outcome;
        _view?.Write(HeaderBytes + (2L * operation), outcome);
    }

    /// <summary>Everything was sent: the file has done its work.</summary>
    public void Finish()
    {
        Dispose();
        if (_path is not null) File.Delete(_path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view?.Dispose();
        _file?.Dispose();
    }

    private static long Length(int operations) => HeaderBytes + (2L * Math.Max(1, operations));

    private static byte[] Header(ReplayIdentity identity)
    {
        var header = new byte[HeaderBytes];
        header.AsSpan().Fill((byte)' ');
        header[^1] = (byte)'\n';
        var json = JsonSerializer.Serialize(identity, ReplayStateJson.Default.ReplayIdentity);
        Encoding.UTF8.GetBytes(json, header);
        return header;
    }

    private static bool Belongs(string path, byte[] header, int operations)
    {
        using var stream = File.OpenRead(path);
        if (stream.Length != Length(operations)) return false;
        var found = new byte[HeaderBytes];
        stream.ReadExactly(found);
        return found.AsSpan().SequenceEqual(header);
    }
}
