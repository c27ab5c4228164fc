using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace ChainCrm.TestKit.Postgres;

/// <summary>The tests of this class, or this test, are skipped with the reason stated where no PostgreSQL server can be started.
/// Works in assemblies that name <see cref="PostgresAwareFramework"/> as their test framework.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NeedsPostgresAttribute : Attribute;

/// <summary>
/// xunit as it is, but for <see cref="NeedsPostgresAttribute"/>: a fact decides about being skipped by its own attribute alone, and the facts of a conformance
/// suite are the same for all who inherit them.
/// </summary>
public sealed class PostgresAwareFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) => new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assembly, ISourceInformationProvider sources, IMessageSink messages) : XunitTestFrameworkExecutor(assembly, sources, messages)
    {
        // xunit offers no way to skip a test case once it is found, and whether there is a PostgreSQL is known only here. The reason is set with it.
        private static readonly PropertyInfo Skip = typeof(TestMethodTestCase).GetProperty(nameof(TestMethodTestCase.SkipReason))!;

        protected override void RunTestCases(IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
        {
            var cases = testCases.ToList();
            if (TestPostgres.WhyMissing is { } reason)
            {
                foreach (var test in cases.Where(Needs)) Skip.SetValue(test, reason);
            }

            base.RunTestCases(cases, executionMessageSink, executionOptions);
        }

        private static bool Needs(IXunitTestCase test)
        {
            var attribute = typeof(NeedsPostgresAttribute).AssemblyQualifiedName;
            return test.TestMethod.TestClass.Class.GetCustomAttributes(attribute).Any() || test.TestMethod.Method.GetCustomAttributes(attribute).Any();
        }
    }
}
