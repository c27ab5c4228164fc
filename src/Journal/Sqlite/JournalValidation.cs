namespace ChainCrm.Journal.Sqlite;

/// <summary>The thorough look at the files that a start does not have the time for.</summary>
internal static class JournalValidation
{
    public static IReadOnlyList<string> Run(string folder, HashSeed seed, long head, CancellationToken cancellation)
    {
        List<string> faults = [];
        try
        {
            using var journal = JournalFile.OpenReader(JournalFile.PathIn(folder));
            QuickCheck(journal, "journal.db", faults);
            CheckEntries(journal, seed, head, faults, cancellation);
            using var index = JournalFile.OpenReader(IndexFile.PathIn(folder));
            QuickCheck(index, "index.db", faults);
            IndexValidation.Run(index, fault => Report(faults, fault), cancellation);
        }
        catch (SqliteFault fault)
        {
            faults.Add(fault.Message);
        }

        return faults;
    }

    private static void QuickCheck(Db db, string name, List<string> faults)
    {
        using var check = db.Prepare($"PRAGMA quick_check({JournalLimits.ValidationFaultsMax})");
        while (check.Step())
        {
            var line = check.Text(0);
            if (line != "ok") Report(faults, $"{name}: {line}");
        }
    }

    /// <summary>Positions and the versions of each stream follow one another without gaps.</summary>
    private static void CheckEntries(Db journal, HashSeed seed, long head, List<string> faults, CancellationToken cancellation)
    {
        Dictionary<TextKey, long> versions = [];
        using var scan = journal.Prepare("SELECT position, stream, version FROM entries WHERE position <= ? ORDER BY position");
        scan.Bind(1, head);
        long expected = 0;
        while (scan.Step())
        {
            cancellation.ThrowIfCancellationRequested();
            expected++;
            if (scan.Int64(0) != expected)
            {
                Report(faults, $"journal.db: position {expected} is missing");
                expected = scan.Int64(0);
            }

            var stream = seed.Stream(scan.Bytes(1));
            var version = versions.GetValueOrDefault(stream) + 1;
            if (scan.Int64(2) != version) Report(faults, $"journal.db: position {expected} has version {scan.Int64(2)} where {version} follows");
            versions[stream] = scan.Int64(2);
        }

        if (expected < head) Report(faults, $"journal.db: ends at {expected}, before {head}");
    }

    private static void Report(List<string> faults, string fault)
    {
        if (faults.Count < JournalLimits.ValidationFaultsMax) faults.Add(fault);
    }
}
