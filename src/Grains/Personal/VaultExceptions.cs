namespace ChainCrm.Grains.Personal;

/// <summary>The master key file or keys.db cannot be used as they stand: the server must not start. Nothing was touched.</summary>
public sealed class VaultUnusableException : Exception
{
    public VaultUnusableException() { }
    public VaultUnusableException(string message) : base(message) { }
    public VaultUnusableException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>Keys cannot be written or read at the moment (disk full, I/O error, stopping). The same call may pass later.</summary>
public sealed class VaultUnavailableException : Exception
{
    public VaultUnavailableException() { }
    public VaultUnavailableException(string message) : base(message) { }
    public VaultUnavailableException(string message, Exception inner) : base(message, inner) { }
    /// <summary>True when the disk is full.</summary>
    public bool DiskFull { get; init; }
}

/// <summary>Sealed bytes do not open: damaged, tampered with, of another customer, or of a newer format. Carries nothing of their content.</summary>
public sealed class PersonalDataDamagedException : Exception
{
    public PersonalDataDamagedException() { }
    public PersonalDataDamagedException(string message) : base(message) { }
    public PersonalDataDamagedException(string message, Exception inner) : base(message, inner) { }
}
