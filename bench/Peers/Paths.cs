namespace ChainCrm.Peers;

/// <summary>Where things are; bench/Peers/run builds them and starts this programme at the root of the repository.</summary>
internal static class Paths
{
    public static string Root { get; } = Directory.GetCurrentDirectory();
    public static string Server { get; } = Path.Combine(Root, "src", "Silo", "bin", "Release", "net10.0", "ChainCrm.Silo.dll");
    public static string Client { get; } = Path.Combine(Root, "src", "Client", "bin", "Release", "net10.0", "chaincrm.dll");
    public static string InProcess { get; } = Path.Combine(Root, "bench", "InProcess", "bin", "Release", "net10.0", "ChainCrm.InProcess.dll");
    public static string Here { get; } = Path.Combine(Root, "bench", "Peers");
}
