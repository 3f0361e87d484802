package org.coinflip.spark.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.spark.connect.proto.Command;
import org.apache.spark.connect.proto.ExecutePlanRequest;
import org.apache.spark.connect.proto.ExecutePlanResponse;
import org.apache.spark.connect.proto.Expression.Literal;
import org.apache.spark.connect.proto.MlCommand;
import org.apache.spark.connect.proto.MlCommandResult;
import org.apache.spark.connect.proto.MlOperator;
import org.apache.spark.connect.proto.MlParams;
import org.apache.spark.connect.proto.MlRelation;
import org.apache.spark.connect.proto.ObjectRef;
import org.apache.spark.connect.proto.Plan;
import org.apache.spark.connect.proto.Relation;
import org.apache.spark.connect.proto.SQL;
import org.apache.spark.connect.proto.SparkConnectServiceGrpc;
import org.apache.spark.connect.proto.UserContext;
import org.apache.spark.connect.proto.WriteOperation;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.connect.service.SparkConnectService;
import org.apache.spark.sql.connect.service.SparkConnectService$;
import org.coinflip.spark.LocalSpark;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sparkproject.connect.grpc.ManagedChannel;
import org.sparkproject.connect.grpc.ManagedChannelBuilder;
import scala.Option;

/** The stages through a server of Spark Connect: named by a client that has none of our classes, they train, predict, are saved and loaded as in this process. */
class ConnectTest {
    private static final String ROWS = "select id, cast(id % 3 as double) as label,"
            + " array(cast(id % 3 as double), sin(id), cos(id)) as features from range(60)";
    private static final String SETTINGS = "arithmetic = portable";
    private static final int ITERATIONS = 3;

    private static LocalSpark spark;
    private static ManagedChannel channel;

    private final String session = UUID.randomUUID().toString();

    @TempDir
    private Path folder;

    @BeforeAll
    static void serve() {
        spark = new LocalSpark(2);
        spark.session();
        spark.context().sc().conf().set("spark.connect.grpc.binding.port", "0");
        SparkConnectService.start(spark.context().sc());
        channel = ManagedChannelBuilder.forAddress("localhost", SparkConnectService$.MODULE$.localPort())
                .usePlaintext()
                .build();
    }

    @AfterAll
    static void end() {
        channel.shutdownNow();
        SparkConnectService.stop(Option.apply(5L), Option.apply(TimeUnit.SECONDS));
        spark.close();
    }

    @ParameterizedTest
    @ValueSource(
            classes = {StochasticNetworkClassifier.class, StochasticNetworkRegressor.class, StochasticEncoder.class})
    void trainsAndTransformsAsInThisProcess(Class<? extends Estimator<?>> stage) throws Exception {
        ObjectRef model = fit(stage);
        Relation transformed = transformed(model);

        assertEquals(here(stage), written(transformed));
    }

    @Test
    void savesAndLoads() {
        ObjectRef model = fit(StochasticNetworkClassifier.class);
        String saved = folder.resolve("model").toString();
        run(MlCommand.newBuilder()
                .setWrite(MlCommand.Write.newBuilder().setObjRef(model).setPath(saved))
                .build());
        MlCommandResult loaded = run(MlCommand.newBuilder()
                .setRead(MlCommand.Read.newBuilder()
                        .setPath(saved)
                        .setOperator(MlOperator.newBuilder()
                                .setName(StochasticNetworkClassificationModel.class.getName())
                                .setUid("")
                                .setType(MlOperator.OperatorType.OPERATOR_TYPE_MODEL)))
                .build());

        assertEquals(
                written(transformed(model)),
                written(transformed(loaded.getOperatorInfo().getObjRef())));
    }

    private ObjectRef fit(Class<? extends Estimator<?>> stage) {
        MlOperator estimator = MlOperator.newBuilder()
                .setName(stage.getName())
                .setUid("stage")
                .setType(MlOperator.OperatorType.OPERATOR_TYPE_ESTIMATOR)
                .build();
        MlParams params = MlParams.newBuilder()
                .putAllParams(Map.of(
                        "idCol", Literal.newBuilder().setString("id").build(),
                        "maxIter",
                                Literal.newBuilder()
                                        .setInteger(ITERATIONS)
                                        .build(),
                        "seed", Literal.newBuilder().setLong(7).build(),
                        "settings", Literal.newBuilder().setString(SETTINGS).build()))
                .build();
        return run(MlCommand.newBuilder()
                        .setFit(MlCommand.Fit.newBuilder()
                                .setEstimator(estimator)
                                .setParams(params)
                                .setDataset(rows()))
                        .build())
                .getOperatorInfo()
                .getObjRef();
    }

    private static Relation rows() {
        return Relation.newBuilder().setSql(SQL.newBuilder().setQuery(ROWS)).build();
    }

    private static Relation transformed(ObjectRef model) {
        return Relation.newBuilder()
                .setMlRelation(MlRelation.newBuilder()
                        .setTransform(MlRelation.Transform.newBuilder()
                                .setObjRef(model)
                                .setInput(rows())))
                .build();
    }

    /** The rows of a relation of the server, which writes them where this process reads them. */
    private List<Row> written(Relation relation) {
        String path = folder.resolve(UUID.randomUUID().toString()).toString();
        execute(Plan.newBuilder()
                .setCommand(Command.newBuilder()
                        .setWriteOperation(WriteOperation.newBuilder()
                                .setInput(relation)
                                .setSource("parquet")
                                .setMode(WriteOperation.SaveMode.SAVE_MODE_ERROR_IF_EXISTS)
                                .setPath(path)))
                .build());
        return spark.session().read().parquet(path).orderBy("id").collectAsList();
    }

    /** What the stage says in this process. */
    private List<Row> here(Class<? extends Estimator<?>> stage) throws ReflectiveOperationException {
        Estimator<?> estimator = stage.getConstructor(String.class).newInstance("stage");
        estimator.set("idCol", "id");
        estimator.set("maxIter", ITERATIONS);
        estimator.set("seed", 7L);
        estimator.set("settings", SETTINGS);
        Transformer model = estimator.fit(spark.session().sql(ROWS));
        return model.transform(spark.session().sql(ROWS)).orderBy("id").collectAsList();
    }

    private MlCommandResult run(MlCommand command) {
        return execute(Plan.newBuilder()
                        .setCommand(Command.newBuilder().setMlCommand(command))
                        .build())
                .stream()
                .filter(ExecutePlanResponse::hasMlCommandResult)
                .findFirst()
                .orElseThrow()
                .getMlCommandResult();
    }

    /** Waits for all that the server says of a plan. */
    private List<ExecutePlanResponse> execute(Plan plan) {
        List<ExecutePlanResponse> responses = new ArrayList<>();
        SparkConnectServiceGrpc.newBlockingStub(channel)
                .executePlan(ExecutePlanRequest.newBuilder()
                        .setSessionId(session)
                        .setUserContext(UserContext.newBuilder().setUserId("somebody"))
                        .setPlan(plan)
                        .build())
                .forEachRemaining(responses::add);
        return responses;
    }
}
