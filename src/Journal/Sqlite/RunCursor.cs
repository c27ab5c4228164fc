namespace ChainCrm.Journal.Sqlite;

/// <summary>Walks one part of one run, a block in memory at a time. It holds no statement open between two blocks, so a writer may use one, too.</summary>
internal sealed class RunCursor(RunBlocks blocks)
{
    private readonly RunBlock block = new();
    private long part;
    private RunFence fence;
    private int index;

    /// <summary>The entry it stands at, after an answer of true.</summary>
    public RunEntry Current { get; private set; }

    /// <summary>Goes to the first entry that is not before this hash and version.</summary>
    public bool SeekFrom(long run, RunPart runPart, long hash, long version)
    {
        part = RunBlocks.PartOf(run, runPart);
        var sought = new RunFence(hash, version, 0);
        if (!blocks.TryReadBelow(part, in sought, block, out fence)) return ReadFirstAbove(sought);
        index = block.LowerBound(hash, version);
        return index < block.Count ? Stand() : ReadFirstAbove(fence);
    }

    /// <summary>Goes to the last entry before this hash and version.</summary>
    public bool SeekBelow(long run, RunPart runPart, long hash, long version)
    {
        part = RunBlocks.PartOf(run, runPart);
        if (!blocks.TryReadBelow(part, new(hash, version, 0), block, out fence)) return false;

        // Its fence is before what is sought, so at least its first entry is.
        index = block.LowerBound(hash, version) - 1;
        return Stand();
    }

    /// <summary>Goes to the very last entry.</summary>
    public bool SeekLast(long run, RunPart runPart)
    {
        part = RunBlocks.PartOf(run, runPart);
        if (!blocks.TryReadBelow(part, new(long.MaxValue, long.MaxValue, long.MaxValue), block, out fence)) return false;
        index = block.Count - 1;
        return Stand();
    }

    public bool Next() => ++index < block.Count ? Stand() : ReadFirstAbove(fence);

    public bool Previous()
    {
        if (--index >= 0) return Stand();
        if (!blocks.TryReadBelow(part, in fence, block, out fence)) return false;
        index = block.Count - 1;
        return Stand();
    }

    private bool ReadFirstAbove(RunFence after)
    {
        if (!blocks.TryReadAbove(part, in after, block, out fence)) return false;
        index = 0;
        return Stand();
    }

    private bool Stand()
    {
        Current = block[index];
        return true;
    }
}
