"""The stages. Their Params are those of the JVM's classes, in _params, which the build writes and holds to the code.

Every Param has a getter and, in estimators and models alike, a setter that returns the stage: ``setLayers``, ``getLayers``.
"""

from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLReadable, JavaMLReader, JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel

from coinflip_ml._params import PARAMS

_JVM = "org.coinflip.spark.ml."


def _with_params(cls):
    """Adds the Params of the JVM's class of this name, with getters and setters."""
    for name, converter, doc, _ in PARAMS[cls.__name__]:
        setattr(
            cls,
            name,
            Param(Params._dummy(), name, doc, typeConverter=getattr(TypeConverters, converter)),
        )
        suffix = name[0].upper() + name[1:]

        def setter(self, value, _name=name):
            return self._set(**{_name: value})

        def getter(self, _name=name):
            return self.getOrDefault(getattr(self, _name))

        setter.__name__ = "set" + suffix
        setter.__doc__ = "Sets %s: %s." % (name, doc)
        getter.__name__ = "get" + suffix
        getter.__doc__ = "%s: %s." % (name, doc)
        setattr(cls, setter.__name__, setter)
        setattr(cls, getter.__name__, getter)
    return cls


def _defaults(stage):
    return {name: default for name, _, _, default in PARAMS[type(stage).__name__] if default is not None}


class _Reader(JavaMLReader):
    """pyspark derives the JVM's class from the module's name, which is right for its own stages alone."""

    @classmethod
    def _java_loader_class(cls, clazz):
        return _JVM + clazz.__name__


class _Stage(JavaMLReadable, JavaMLWritable):
    @classmethod
    def read(cls):
        return _Reader(cls)


class _Estimator(JavaEstimator, _Stage):
    _model = None

    def __init__(self, **params):
        super().__init__()
        self._java_obj = self._new_java_obj(_JVM + type(self).__name__, self.uid)
        self._setDefault(**_defaults(self))
        self._set(**params)

    def setParams(self, **params):
        """Sets several Params at once."""
        return self._set(**params)

    def _create_model(self, java_model):
        return self._model(java_model)

    @classmethod
    def _from_java(cls, java_stage):
        stage = cls()
        stage._java_obj = java_stage
        stage._resetUid(java_stage.uid())
        stage._transfer_params_from_java()
        return stage


class _Model(JavaModel, _Stage):
    def __init__(self, java_model=None):
        super().__init__(java_model)
        self._setDefault(**_defaults(self))

    @classmethod
    def _from_java(cls, java_stage):
        stage = cls(java_stage)
        stage._transfer_params_from_java()
        return stage


@_with_params
class StochasticNetworkClassificationModel(_Model):
    """Adds rawPrediction, probability and prediction to rows."""

    @property
    def numClasses(self):
        return self._call_java("numClasses")

    @property
    def numFeatures(self):
        return self._call_java("numFeatures")


@_with_params
class StochasticNetworkRegressionModel(_Model):
    """Adds prediction to rows."""

    @property
    def numFeatures(self):
        return self._call_java("numFeatures")


@_with_params
class StochasticEncoderModel(_Model):
    """Adds the code of the topmost stochastic layer to rows."""

    @property
    def codeLength(self):
        return self._call_java("codeLength")


@_with_params
class StochasticNetworkClassifier(_Estimator):
    """Trains a network to tell classes apart.

    >>> model = StochasticNetworkClassifier(maxIter=20, seed=7).fit(rows)  # doctest: +SKIP
    """

    _model = StochasticNetworkClassificationModel


@_with_params
class StochasticNetworkRegressor(_Estimator):
    """Trains a network to predict a number."""

    _model = StochasticNetworkRegressionModel


@_with_params
class StochasticEncoder(_Estimator):
    """Trains an autoencoder on rows without labels."""

    _model = StochasticEncoderModel
