using System.Text;

namespace ChainCrm.Journal.Sqlite;

/// <summary>
/// What a move of a chain leaves in a data folder: while the chain comes here, a folder <c>journal.moving</c> with a journal that no server opens, whose file goes
/// into place in one step at the end; when the chain has gone, <c>journal.db.moved</c> in the place of journal.db. Whoever calls holds the <see cref="FolderLock"/>
/// of the data folder, and no journal is open.
/// </summary>
public sealed class MovedFolder(string folder)
{
    private const string SealName = "journal.filling";
    private readonly string file = JournalFile.PathIn(folder);

    /// <summary>The folder beside the data that a move fills.</summary>
    public string Filling { get; } = Path.Combine(folder, "journal.moving");

    /// <summary>Where journal.db is kept when the chain has gone.</summary>
    public string KeptPath => file + ".moved";

    /// <summary>The file in which every move of this folder's chain has a line.</summary>
    public string NotePath { get; } = Path.Combine(folder, "journal.moved.txt");

    /// <summary>The folder has a journal that a server may open.</summary>
    public bool HoldsJournal => File.Exists(file);

    /// <summary>The folder had a journal, whose chain has gone.</summary>
    public bool IsSetAside => !HoldsJournal && File.Exists(KeptPath);

    /// <summary>A move into this folder has begun and not ended.</summary>
    public bool IsFilling => !HoldsJournal && Directory.Exists(Filling);

    /// <summary>Makes the folder that is to be filled, when it is not there yet.</summary>
    /// <exception cref="JournalUnusableException">The folder holds a journal, what a crash left of one, or can't be written.</exception>
    public void BeginFilling() => Try("begin the move", () =>
    {
        if (HoldsJournal) throw new JournalUnusableException($"{folder} holds a journal already: {file}.");
        if (HasBytes(file + "-wal")) throw new JournalUnusableException($"{file} is missing, but its WAL is there. Bring the file back, or move {file}-wal away.");
        Directory.CreateDirectory(Filling);
        File.WriteAllText(SealIn(Filling), "A move of a chain fills this folder. Nobody opens it before the move has ended; it can be deleted when the move is given up.\n");
    });

    /// <summary>Throws away what a move has filled so far.</summary>
    /// <exception cref="JournalUnusableException">It can't be deleted.</exception>
    public void DropFilling() => Try("start over", () =>
    {
        if (Directory.Exists(Filling)) Directory.Delete(Filling, recursive: true);
    });

    /// <summary>Puts the filled journal into place: from here on a server opens it.</summary>
    /// <exception cref="JournalUnusableException">Something is in the way; the journal is where it was.</exception>
    public void Release(string note) => Try("put the journal into place", () =>
    {
        var filled = JournalFile.PathIn(Filling);
        if (HoldsJournal) throw new JournalUnusableException($"{file} is there already.");
        RefuseWal(filled);
        Rename(filled, file);
        Note(note);
        try
        {
            // Index and lock: made anew beside the journal by the next start.
            Directory.Delete(Filling, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The journal is in its place; the next move from here clears this away.
        }
    });

    /// <summary>Takes journal.db out of the way, so that no server starts on it; the file stays as it is under another name.</summary>
    /// <exception cref="JournalUnusableException">Something is in the way; the journal is where it was.</exception>
    public void SetAside(string note) => Try("set the journal aside", () =>
    {
        RefuseKept();
        RefuseWal(file);
        Rename(file, KeptPath);
        Note(note);
    });

    /// <summary>Undoes <see cref="SetAside"/>.</summary>
    /// <exception cref="JournalUnusableException">Something is in the way.</exception>
    public void TakeBack() => Try("bring the journal back", () => Rename(KeptPath, file));

    /// <summary>Refuses when a file of an earlier move lies where this one's would go.</summary>
    /// <exception cref="JournalUnusableException">It does.</exception>
    public void RefuseKept()
    {
        if (HoldsJournal && File.Exists(KeptPath))
            throw new JournalUnusableException($"{KeptPath} is the journal of an earlier move. Put it away or delete it, for this move would leave its file there.");
    }

    /// <summary>Refuses a folder that a move has begun to fill.</summary>
    /// <exception cref="JournalUnusableException">It is one.</exception>
    internal static void RefuseUnfinished(string folder)
    {
        if (File.Exists(SealIn(folder)))
            throw new JournalUnusableException($"{folder} is filled by a move of a chain that has not ended. Run the move again to its end.");
    }

    private static string SealIn(string folder) => Path.Combine(folder, SealName);

    private static bool HasBytes(string path) => new FileInfo(path) is { Exists: true, Length: > 0 };

    private static void RefuseWal(string path)
    {
        if (HasBytes(path + "-wal")) throw new JournalUnusableException($"{path}-wal is not empty: something reads the file, or the disk is full. Run the same command again.");
    }

    /// <summary>Renames and flushes the file under its new name: a file system that keeps no order between files must not lose the name, for the other side is
    /// opened right after.</summary>
    private static void Rename(string from, string to)
    {
        File.Move(from, to);
        using var renamed = new FileStream(to, FileMode.Open, FileAccess.ReadWrite);
        renamed.Flush(flushToDisk: true);
    }

    /// <summary>A line for who comes later, flushed to the disk.</summary>
    private void Note(string note)
    {
        using var stream = new FileStream(NotePath, FileMode.Append, FileAccess.Write);
        stream.Write(Encoding.UTF8.GetBytes(note + "\n"));
        stream.Flush(flushToDisk: true);
    }

    private void Try(string what, Action run)
    {
        try
        {
            run();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalUnusableException($"Could not {what} in {folder}: {e.Message}", e);
        }
    }
}
