namespace ChainCrm.Journal.Sqlite;

/// <summary>Leaves word beside a file that can be made anew that the next start is to do so.</summary>
internal static class DamageMark
{
    /// <summary>For index.db. Harmless when it was the journal that is damaged: making the index anew loses nothing.</summary>
    public static void Leave(string folder) => Leave(IndexFile.DamageMarkPathIn(folder), IndexFile.PathIn(folder));

    public static void Leave(string markPath, string path)
    {
        try
        {
            File.WriteAllText(markPath, $"{Path.GetFileName(path)} was found damaged; the next start makes it anew from journal.db.\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without the mark the damage is found again after the next start; the fault that led here is reported in any case.
        }
    }
}
