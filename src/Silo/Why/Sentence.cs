namespace ChainCrm.Silo.Why;

/// <summary>One sentence, or a part of one, in Chinese and in English.</summary>
internal readonly record struct Sentence(string Zh, string En);
