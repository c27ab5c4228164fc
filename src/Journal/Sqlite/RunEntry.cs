namespace ChainCrm.Journal.Sqlite;

/// <summary>What a run holds of one entry of the journal, twice: once in the part of streams, once in the part of commands.</summary>
/// <param name="Hash">Of the stream's name, or of the command within its stream.</param>
/// <param name="Version">The version in the stream; 0 in the part of commands.</param>
/// <param name="Position">Where the entry lies in the journal.</param>
internal readonly record struct RunEntry(long Hash, long Version, long Position)
{
    /// <summary>The order of a run: hash, version, position.</summary>
    public static bool IsBefore(in RunEntry left, in RunEntry right)
    {
        if (left.Hash != right.Hash) return left.Hash < right.Hash;
        if (left.Version != right.Version) return left.Version < right.Version;
        return left.Position < right.Position;
    }
}

/// <summary>The two sorted halves of a run.</summary>
internal enum RunPart
{
    /// <summary>By hash of the stream and version.</summary>
    Streams = 0,

    /// <summary>By hash of the command.</summary>
    Commands = 1,
}
