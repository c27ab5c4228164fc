namespace ChainCrm.Journal.Sqlite;

/// <summary>Finds and reads the blocks of runs over one connection to index.db. Not thread-safe.</summary>
internal sealed class RunBlocks
{
    private const string Columns =
        "SELECT fences.hash, fences.version, fences.block, blocks.data FROM fences LEFT JOIN blocks ON blocks.id = fences.block WHERE fences.part = ? ";

    private readonly Statement below, above;

    public RunBlocks(Db db)
    {
        below = db.Prepare(Columns + "AND (fences.hash, fences.version, fences.block) < (?, ?, ?) "
            + "ORDER BY fences.hash DESC, fences.version DESC, fences.block DESC LIMIT 1");
        above = db.Prepare(Columns + "AND (fences.hash, fences.version, fences.block) > (?, ?, ?) ORDER BY fences.hash, fences.version, fences.block LIMIT 1");
    }

    /// <summary>How both parts of all runs are told apart in one table.</summary>
    public static long PartOf(long run, RunPart part) => run * 2 + (int)part;

    /// <summary>Reads the last block whose fence is before this one.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryReadBelow(long part, in RunFence fence, RunBlock into, out RunFence found) => TryRead(below, part, in fence, into, out found);

    /// <summary>Reads the first block whose fence is after this one.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryReadAbove(long part, in RunFence fence, RunBlock into, out RunFence found) => TryRead(above, part, in fence, into, out found);

    private static bool TryRead(Statement statement, long part, in RunFence fence, RunBlock into, out RunFence found)
    {
        try
        {
            statement.Bind(1, part);
            statement.Bind(2, fence.Hash);
            statement.Bind(3, fence.Version);
            statement.Bind(4, fence.Block);
            if (!statement.Step())
            {
                found = default;
                return false;
            }

            found = new(statement.Int64(0), statement.Int64(1), statement.Int64(2));
            into.Load(statement.Bytes(3), found.Block);
            return true;
        }
        finally
        {
            statement.Reset();
        }
    }
}

/// <summary>Where a block begins.</summary>
/// <param name="Hash">Of its first entry.</param>
/// <param name="Version">Of its first entry.</param>
/// <param name="Block">Its id, above zero; 0 stands before every block that begins with this hash and version.</param>
internal readonly record struct RunFence(long Hash, long Version, long Block);
