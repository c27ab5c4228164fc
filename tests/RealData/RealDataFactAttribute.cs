using Xunit;

namespace ChainCrm.RealData;

/// <summary>A test on real purchases; skipped, with the reason, where the data is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealDataFactAttribute : FactAttribute
{
    public RealDataFactAttribute()
    {
        // The data is not part of the project and lies beside it on some machines only.
        if (Places.Data is null) Skip = "No shared/data beside the repository: the real purchases are not on this machine.";
    }
}

/// <summary>Where things lie.</summary>
internal static class Places
{
    /// <summary>The folder with ChainCrm.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The real purchases; null where there are none.</summary>
    public static string? Data { get; } = FindData();

    /// <summary>The server, built with the same configuration as these tests.</summary>
    public static string Server { get; } = Path.Combine(
        Root, "src", "Silo", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, new DirectoryInfo(AppContext.BaseDirectory).Name, "ChainCrm.Silo.dll");

    /// <summary>A file of the real data.</summary>
    public static string DataFile(params string[] parts) => Path.Combine([Data!, .. parts]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "ChainCrm.sln")))
                return folder.FullName;
        throw new InvalidOperationException("These tests run from within the repository, under ChainCrm.sln.");
    }

    private static string? FindData()
    {
        var data = Path.Combine(Directory.GetParent(Root)?.FullName ?? Root, "shared", "data");
        return Directory.Exists(data) ? data : null;
    }
}
