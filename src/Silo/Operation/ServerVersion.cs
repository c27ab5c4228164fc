using System.Reflection;

namespace ChainCrm.Silo.Operation;

/// <summary>The version of this build.</summary>
internal static class ServerVersion
{
    /// <summary>Such as 0.1.0.</summary>
    public static string Text { get; } =
        (typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split('+')[0];
}
