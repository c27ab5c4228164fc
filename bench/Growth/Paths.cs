namespace ChainCrm.Growth;

/// <summary>Where things are; bench/Growth/run builds them and starts this programme at the root of the repository.</summary>
internal static class Paths
{
    public static string Root { get; } = Directory.GetCurrentDirectory();
    public static string Server { get; } = Path.Combine(Root, "src", "Silo", "bin", "Release", "net10.0", "ChainCrm.Silo.dll");
    public static string Client { get; } = Path.Combine(Root, "src", "Client", "bin", "Release", "net10.0", "chaincrm.dll");
}
