using System.Diagnostics;

namespace ChainCrm.Tidy;

/// <summary>The checkout under test: where it is and which files it holds (tracked ones, so build output is never looked at).</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<string> Files { get; } = TrackedFiles();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ChainCrm.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside a checkout: no ChainCrm.sln above them.");
    }

    private static List<string> TrackedFiles()
    {
        using var git = Process.Start(new ProcessStartInfo("git", "-c core.quotepath=off ls-files --cached --others --exclude-standard")
        {
            WorkingDirectory = Root, RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        var text = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(file => File.Exists(Path.Combine(Root, file)))];
    }
}
