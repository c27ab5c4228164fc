using ChainCrm.Client.Wire;

namespace ChainCrm.Client;

/// <summary>The server refused a request, or could not be reached within the time allowed.</summary>
public sealed class ChainCrmException : Exception
{
    /// <summary>A refusal.</summary>
    public ChainCrmException(Problem problem)
        : base(Describe(problem)) => Problem = problem;

    /// <summary>The server gave no usable answer.</summary>
    public ChainCrmException(string message, Exception? inner = null)
        : base(message, inner) { }

    /// <summary>What the server said; null when it gave no usable answer.</summary>
    public Problem? Problem { get; }

    /// <summary>The number of the refusal, docs/refusals.md; 0 when the server gave none.</summary>
    public int Code => Problem?.Code ?? 0;

    /// <summary>The HTTP status; 0 when there was no answer.</summary>
    public int Status => Problem?.Status ?? 0;

    private static string Describe(Problem problem)
    {
        var number = problem.Code > 0 ? $"refused with {problem.Code}" : $"answered HTTP {problem.Status}";
        var name = problem.Name is null ? "" : $" {problem.Name}";
        var field = problem.Field is null ? "" : $" (field {problem.Field})";
        return $"{number}{name}{field}: {problem.Title ?? "no reason given."}";
    }
}
