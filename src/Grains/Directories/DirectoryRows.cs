namespace ChainCrm.Grains.Directories;

/// <summary>What the directories start from: the rows the read models hold at a position.</summary>
/// <param name="Position">The journal position of the rows.</param>
/// <param name="Stores">Every store with its chain.</param>
/// <param name="Keys">Every access key.</param>
/// <param name="Programmes">Every published version, ascending within its chain.</param>
internal sealed record DirectoryRows(
    long Position, IReadOnlyList<(string Chain, StoreFacts Store)> Stores, IReadOnlyList<KeyFacts> Keys,
    IReadOnlyList<(string Chain, int Version, string Document)> Programmes)
{
    public static DirectoryRows Empty { get; } = new(0, [], [], []);
}
