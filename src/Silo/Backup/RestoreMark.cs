using System.Text;
using ChainCrm.Journal;

namespace ChainCrm.Silo.Backup;

/// <summary>The file that stands in a data folder for as long as a restore into it is not whole. It is there before anything else and goes last, so that a restore
/// that was killed is never taken for a chain.</summary>
internal static class RestoreMark
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "restore.unfinished";

    /// <summary>Refuses a folder that holds an unfinished restore.</summary>
    /// <exception cref="JournalUnusableException">It does.</exception>
    public static void Refuse(string folder)
    {
        if (File.Exists(Path.Combine(folder, FileName)))
            throw new JournalUnusableException($"{folder} holds a restore that did not come to its end ({FileName}). Empty the folder and restore again.");
    }

    /// <summary>Marks an empty folder. Durable when it returns.</summary>
    public static void Set(string folder)
    {
        using var file = new FileStream(Path.Combine(folder, FileName), FileMode.CreateNew, FileAccess.Write, FileShare.None);
        file.Write(Encoding.UTF8.GetBytes("A restore is being written to this folder, or was ended before its end. A server does not start here.\n"));
        file.Flush(flushToDisk: true);
    }

    /// <summary>Everything is there and on the disk.</summary>
    public static void Clear(string folder) => File.Delete(Path.Combine(folder, FileName));
}
