namespace ChainCrm.Grains.Codecs;

/// <summary>
/// An entry's payload can't be decoded: broken JSON, an envelope of a newer format, an event nobody knows. Its stream is set aside
/// (quarantined); other streams go on. The message never holds content of the payload.
/// </summary>
public sealed class UnreadableEntryException : Exception
{
    public UnreadableEntryException() { }
    public UnreadableEntryException(string message) : base(message) { }
    public UnreadableEntryException(string message, Exception inner) : base(message, inner) { }
}
